import { type Call, defineCommand, EXIT, type ExitCode } from '../command.ts';
import { planSteps, type Step } from '../plan.ts';
import { readSetup, TWILIO_OPTIONS } from '../stage.ts';
import { formatTable } from '../table.ts';

export const statusCommand = defineCommand({
  name: 'status',
  summary: 'Shows what the stage has in Twilio, and what it lacks. Changes nothing.',
  options: TWILIO_OPTIONS,
  again: 'Run it again: it has changed nothing.',
  run,
});

const STATES: Readonly<Record<Step['action'], string>> = {
  keep: 'ready',
  create: 'missing',
  update: 'outdated',
  conflict: 'conflict',
  skip: 'waiting',
  unused: 'unused',
};

async function run(call: Call<typeof TWILIO_OPTIONS>): Promise<ExitCode> {
  const { terminal, values } = call;
  const setup = await readSetup(call);
  const steps = await planSteps(setup, terminal.progress);
  const rows = steps.map(({ resource, action, found, detail, cure }) => ({
    resource: resource.name,
    state: STATES[action],
    id: found?.id,
    detail,
    cure,
  }));
  if (values.json) {
    terminal.printJson({ stage: setup.stage, resources: rows });
  } else if (rows.length === 0) {
    terminal.print(`Stage ${setup.stage} needs nothing in Twilio.`);
  } else {
    const cells = rows.map(({ state, resource, id, detail }) => [
      state,
      resource,
      id ?? '-',
      detail,
    ]);
    terminal.print(...formatTable(['state', 'what', 'id', 'detail'], cells));
  }
  const isReady = steps.every(({ action }) => action === 'keep' || action === 'unused');
  return isReady ? EXIT.ok : EXIT.failed;
}
