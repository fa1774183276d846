import { type Call, defineCommand, EXIT, type ExitCode, type Options } from '../command.ts';
import { explained } from '../failures/describe.ts';
import { CONFIRM_OPTIONS, confirmed, readSetup, TWILIO_OPTIONS } from '../stage.ts';
import { PLUGIN_NAME, releasedPlugins, releasePlugins } from '../twilio/plugins.ts';

const OPTIONS = { ...TWILIO_OPTIONS, ...CONFIRM_OPTIONS } as const satisfies Options;

export const pluginRemoveCommand = defineCommand({
  name: 'plugin remove',
  summary: "Releases Flex's plugins without this channel's own. Other plugins stay as they are.",
  options: OPTIONS,
  again: 'Run it again: it looks first what is released.',
  run,
});

async function run(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { values, terminal } = call;
  const { stage, twilio } = await readSetup(call);
  const said = (state: string, line: string): ExitCode => {
    if (values.json) terminal.printJson({ stage, state });
    else terminal.print(line);
    return EXIT.ok;
  };
  const released = await explained('Plugins of Flex', () => releasedPlugins(twilio));
  const others = released.filter(({ uniqueName }) => uniqueName !== PLUGIN_NAME);
  if (others.length === released.length) return said('absent', 'It is not released.');
  const show = values.json ? terminal.progress : terminal.print;
  show(
    `Plan for stage ${stage}`,
    `  remove ${PLUGIN_NAME}`,
    ...others.map((each) => `  keep ${each.uniqueName}: ${each.version}`),
  );
  if (!(await confirmed(call, 'Release this to all agents?'))) {
    return said('unchanged', 'Nothing was changed.');
  }
  await explained('Plugins of Flex', () =>
    releasePlugins(twilio, `without ${PLUGIN_NAME}`, others),
  );
  return said('removed', 'Removed. Take flex.plugin out of the configuration, and deploy.');
}
