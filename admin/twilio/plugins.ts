/** Plugins of Flex's user interface, and what is released of them. */
import type { Twilio } from './client.ts';

/** This channel's own. */
export const PLUGIN_NAME = 'flex-channel';

export interface ReleasedPlugin {
  readonly pluginSid: string;
  readonly versionSid: string;
  readonly uniqueName: string;
  readonly version: string;
  readonly url: string;
  /** Twilio knows one: 3. */
  readonly phase: number;
}

/** Of `phase` in a configuration. Source: npm `flex-plugins-api-client` 7.0.0. */
const PHASE = 3;

/** What agents get now: the plugins of the latest release. */
export async function releasedPlugins(twilio: Twilio): Promise<readonly ReleasedPlugin[]> {
  const releases = await twilio.flexApi.v1.pluginReleases.list();
  // Stable: of two in one second the one that Twilio lists first.
  const [latest] = releases.sort((a, b) => b.dateCreated.getTime() - a.dateCreated.getTime());
  if (latest === undefined) return [];
  const configuration = twilio.flexApi.v1.pluginConfigurations(latest.configurationSid);
  const plugins = await configuration.plugins.list();
  return plugins.map(({ pluginSid, pluginVersionSid, uniqueName, version, pluginUrl, phase }) => ({
    pluginSid,
    versionSid: pluginVersionSid,
    uniqueName,
    version,
    url: pluginUrl,
    phase,
  }));
}

/** Finds or registers a version. @returns its SID. */
export async function registerVersion(
  twilio: Twilio,
  plugin: { readonly uniqueName: string; readonly version: string; readonly url: string },
): Promise<string> {
  const { uniqueName, version, url: pluginUrl } = plugin;
  const all = await twilio.flexApi.v1.plugins.list();
  const known = all.find((each) => each.uniqueName === uniqueName);
  const { sid } = known ?? (await twilio.flexApi.v1.plugins.create({ uniqueName }));
  const { pluginVersions } = twilio.flexApi.v1.plugins(sid);
  const versions = await pluginVersions.list();
  const same = versions.find((each) => each.version === version && each.pluginUrl === pluginUrl);
  if (same !== undefined) return same.sid;
  const made = await pluginVersions.create({ versionParam: version, pluginUrl });
  return made.sid;
}

/** Makes these the plugins that agents get. */
export async function releasePlugins(
  twilio: Twilio,
  name: string,
  plugins: readonly { readonly versionSid: string; readonly phase?: number }[],
): Promise<void> {
  const { sid: configurationId } = await twilio.flexApi.v1.pluginConfigurations.create({
    name,
    plugins: plugins.map(({ versionSid, phase = PHASE }) => ({
      plugin_version: versionSid,
      phase,
    })),
  });
  await twilio.flexApi.v1.pluginReleases.create({ configurationId });
}
