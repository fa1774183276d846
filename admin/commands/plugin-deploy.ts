import { writeFileSync } from 'node:fs';
import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import {
  type Call,
  CommandError,
  defineCommand,
  EXIT,
  type ExitCode,
  type Options,
} from '../command.ts';
import { explained } from '../failures/describe.ts';
import { buildPlugin } from '../plugin/build.ts';
import { refuseOtherCode } from '../plugin/hosted.ts';
import { CONFIRM_OPTIONS, confirmed, readSetup, TWILIO_OPTIONS } from '../stage.ts';
import {
  PLUGIN_NAME,
  registerVersion,
  releasedPlugins,
  releasePlugins,
} from '../twilio/plugins.ts';

const OPTIONS = {
  ...TWILIO_OPTIONS,
  ...CONFIRM_OPTIONS,
  out: { type: 'string', value: 'path', about: 'where to write the built file, to be hosted' },
  url: { type: 'string', value: 'url', about: 'where the built file is hosted, by https' },
} as const satisfies Options;

export const pluginDeployCommand = defineCommand({
  name: 'plugin deploy',
  summary: [
    "Builds the plugin for Flex's user interface and releases it. Other plugins stay as they are.",
    'First with --out, then with --url, once the file is hosted there.',
  ].join('\n'),
  options: OPTIONS,
  again: 'Run it again: it finds what it has registered already.',
  run,
});

async function run(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { values, terminal } = call;
  const { config, stage, twilio, webhookUrl } = await readSetup(call);
  if (config.flex.backEnd !== 'conversations') {
    throw new CommandError(
      'The plugin needs flex.backEnd "conversations": Flex UI 2 shows no others.',
    );
  }
  if (webhookUrl === undefined) {
    throw new CommandError(
      'Pass --outputs or --webhook-url: the plugin is built with that address.',
    );
  }
  const { code, version } = await buildPlugin(`${webhookUrl}/${WEBHOOK_PATHS.agentSignal}`);
  const { out, url } = values;
  if (out !== undefined) {
    writeFileSync(out, code);
    terminal.progress(`${out}: ${code.length} bytes, version ${version}`);
  }
  const said = (state: string, lines: readonly string[]): ExitCode => {
    if (values.json) terminal.printJson({ stage, version, url, state });
    else terminal.print(...lines);
    return EXIT.ok;
  };
  if (url === undefined) {
    if (out === undefined)
      throw new CommandError('Pass --out, to get the file, or --url, where it is.');
    return said('built', [`Host ${out}, then run this with --url.`]);
  }
  await refuseOtherCode(url, code);
  const released = await explained('Plugins of Flex', () => releasedPlugins(twilio));
  const others = released.filter(({ uniqueName }) => uniqueName !== PLUGIN_NAME);
  const own = released.find(({ uniqueName }) => uniqueName === PLUGIN_NAME);
  if (own?.version === version && own.url === url) return said('kept', ['Nothing to change.']);
  const show = values.json ? terminal.progress : terminal.print;
  show(
    `Plan for stage ${stage}`,
    `  ${own === undefined ? 'add' : `replace ${own.version} of`} ${PLUGIN_NAME}: ${version}`,
    ...others.map((each) => `  keep ${each.uniqueName}: ${each.version}`),
  );
  if (!(await confirmed(call, 'Release this to all agents?'))) {
    return said('unchanged', ['Nothing was changed.']);
  }
  await explained('Plugins of Flex', async () => {
    const versionSid = await registerVersion(twilio, { uniqueName: PLUGIN_NAME, version, url });
    await releasePlugins(twilio, `${PLUGIN_NAME} ${version}`, [...others, { versionSid }]);
  });
  const isOn = config.flex.plugin !== undefined;
  return said('released', [
    'Released. Agents get it when they load Flex again.',
    ...(isOn
      ? []
      : ['Add "plugin": {} to the section flex of the configuration, and deploy the stack.']),
  ]);
}
