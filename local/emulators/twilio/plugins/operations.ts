import * as v from 'valibot';
import { type Call, found, type Operation } from '../rest/call.ts';
import { pageOf } from '../rest/paging.ts';
import { badRequest } from '../rest/twilio-error.ts';
import { isoSeconds, type World } from '../world/world.ts';
import type { Plugin, PluginConfiguration, PluginRelease, PluginVersion } from './model.ts';

const ConfiguredSchema = v.strictObject({ plugin_version: v.string(), phase: v.number() });

export function pluginOperations(world: World) {
  return { ...versionOperations(world), ...releaseOperations(world) };
}

function versionOperations(world: World) {
  const { account, plugins } = world;
  const shared = { account_sid: account.accountSid, archived: false };
  const pluginOf = (call: Call) => found(plugins.get(call.path['PluginSid'] ?? ''), call);
  const text = (call: Call, name: string) => call.parameters.text(name) ?? '';
  return {
    createPlugin: (call) => {
      const uniqueName = text(call, 'UniqueName');
      // Creating one that is there changes it.
      const known = [...plugins.values()].find((each) => each.uniqueName === uniqueName);
      const plugin = known ?? {
        sid: world.newSid('FP'),
        uniqueName,
        versions: [],
        createdAtMs: world.nowMs(),
      };
      plugins.set(plugin.sid, plugin);
      return { ...shared, ...pluginJson(plugin) };
    },
    listPlugins: (call) =>
      pageOf(call, 'plugins', [...plugins.values()], sidOf, (each) => ({
        ...shared,
        ...pluginJson(each),
      })),
    createPluginVersion: (call) => {
      const plugin = pluginOf(call);
      const version = text(call, 'Version');
      if (plugin.versions.some((each) => each.version === version)) {
        throw badRequest(`Version ${version} exists already`);
      }
      const made = { sid: world.newSid('FV'), version, url: text(call, 'PluginUrl') };
      plugin.versions.push(made);
      return { ...shared, ...versionJson(plugin, made) };
    },
    listPluginVersions: (call) => {
      const plugin = pluginOf(call);
      return pageOf(call, 'plugin_versions', plugin.versions, sidOf, (each) => ({
        ...shared,
        ...versionJson(plugin, each),
      }));
    },
  } satisfies Record<string, Operation>;
}

function releaseOperations(world: World) {
  const { account, pluginConfigurations: configurations, pluginReleases: releases } = world;
  const shared = { account_sid: account.accountSid, archived: false };
  const text = (call: Call, name: string) => call.parameters.text(name) ?? '';
  return {
    createPluginConfiguration: (call) => {
      const made: PluginConfiguration = {
        sid: world.newSid('FJ'),
        name: text(call, 'Name'),
        plugins: (call.parameters.list('Plugins') ?? []).map((one) => configured(world, one)),
        createdAtMs: world.nowMs(),
      };
      const owners = made.plugins.map(({ versionSid }) => versionOf(world, versionSid)?.plugin.sid);
      if (new Set(owners).size < owners.length) throw badRequest('A plugin is listed twice');
      configurations.set(made.sid, made);
      return { ...shared, sid: made.sid, name: made.name, ...dated(made) };
    },
    listConfiguredPlugins: (call) => {
      const configuration = found(configurations.get(call.path['Sid'] ?? ''), call);
      return pageOf(
        call,
        'plugins',
        configuration.plugins,
        (each) => each.versionSid,
        (each) => {
          const { plugin, version } = found(versionOf(world, each.versionSid), call);
          return {
            ...versionJson(plugin, version),
            configuration_sid: configuration.sid,
            plugin_version_sid: version.sid,
            unique_name: plugin.uniqueName,
            phase: each.phase,
          };
        },
      );
    },
    createPluginRelease: (call) => {
      const { sid: configurationSid } = found(
        configurations.get(text(call, 'ConfigurationId')),
        call,
      );
      const made: PluginRelease = {
        sid: world.newSid('FK'),
        configurationSid,
        createdAtMs: world.nowMs(),
      };
      releases.set(made.sid, made);
      return { ...shared, ...releaseJson(made) };
    },
    // Newest first, as Twilio lists what it logs; of two in a second nobody can tell by the date.
    listPluginReleases: (call) =>
      pageOf(call, 'releases', [...releases.values()].reverse(), sidOf, (each) => ({
        ...shared,
        ...releaseJson(each),
      })),
  } satisfies Record<string, Operation>;
}

/** @throws TwilioError for anything but a version that there is. */
function configured(world: World, json: string): PluginConfiguration['plugins'][number] {
  const given = v.safeParse(ConfiguredSchema, JSON.parse(json));
  if (!given.success || versionOf(world, given.output.plugin_version) === undefined) {
    throw badRequest('Invalid parameter Plugins');
  }
  return { versionSid: given.output.plugin_version, phase: given.output.phase };
}

function versionOf(
  { plugins }: World,
  sid: string,
): { readonly plugin: Plugin; readonly version: PluginVersion } | undefined {
  for (const plugin of plugins.values()) {
    const version = plugin.versions.find((each) => each.sid === sid);
    if (version) return { plugin, version };
  }
  return undefined;
}

const sidOf = ({ sid }: { readonly sid: string }) => sid;

const dated = ({ createdAtMs }: { readonly createdAtMs: number }) => ({
  date_created: isoSeconds(createdAtMs),
});

const pluginJson = (plugin: Plugin) => ({
  sid: plugin.sid,
  unique_name: plugin.uniqueName,
  ...dated(plugin),
});

const versionJson = (plugin: Plugin, { sid, version, url }: PluginVersion) => ({
  sid,
  plugin_sid: plugin.sid,
  version,
  plugin_url: url,
  private: false,
});

const releaseJson = (release: PluginRelease) => ({
  sid: release.sid,
  configuration_sid: release.configurationSid,
  ...dated(release),
});
