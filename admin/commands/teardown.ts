import { type Call, defineCommand, EXIT, type ExitCode, type Options } from '../command.ts';
import { type Fields, writeFields } from '../config-file.ts';
import { describeFailure, explained } from '../failures/describe.ts';
import { fieldOf } from '../plan.ts';
import { RESOURCES } from '../resources/all.ts';
import type { Found, Resource } from '../resources/resource.ts';
import {
  CONFIRM_OPTIONS,
  confirmed,
  readSetup,
  type StageSetup,
  TWILIO_OPTIONS,
} from '../stage.ts';
import { formatTable } from '../table.ts';

const OPTIONS = {
  ...TWILIO_OPTIONS,
  ...CONFIRM_OPTIONS,
  unused: { type: 'boolean', about: 'only what the present configuration does not use' },
} as const satisfies Options;

export const teardownCommand = defineCommand({
  name: 'teardown',
  summary: 'Removes what provision made for the stage, and its SIDs from the configuration.',
  options: OPTIONS,
  again: 'Run it again: what is removed already is not looked for any more.',
  run,
});

interface Doomed {
  readonly resource: Resource;
  readonly found: Found;
}

async function run(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { terminal, values } = call;
  const setup = await readSetup(call);
  const doomed = await findOurs(setup, values.unused === true, terminal.progress);
  const show = values.json ? terminal.progress : terminal.print;
  if (doomed.length > 0) show(...describe(setup.stage, doomed));
  const isRemoved = doomed.length > 0 && (await confirmed(call, 'Remove this?'));
  if (isRemoved) await remove(setup, doomed, terminal.progress);
  const removed = doomed.map(({ resource, found }) => ({ resource: resource.name, id: found.id }));
  if (values.json) terminal.printJson({ stage: setup.stage, isRemoved, removed });
  else terminal.print(outcome(doomed, isRemoved));
  const isDone = isRemoved || doomed.length === 0 || values['dry-run'] === true;
  return isDone ? EXIT.ok : EXIT.failed;
}

async function findOurs(
  setup: StageSetup,
  isUnusedOnly: boolean,
  progress: (line: string) => void,
): Promise<Doomed[]> {
  const ours: Doomed[] = [];
  if (setup.webhookUrl === undefined) {
    progress(
      "Without --webhook-url a webhook of the chat service can't be told from others' and stays.",
    );
  }
  for (const resource of RESOURCES.toReversed()) {
    if (isUnusedOnly && resource.isNeeded(setup.config)) continue;
    progress(`Looking at: ${resource.name}`);
    // What can't be looked at can't be removed either; the rest still can.
    const found = await resource.find(setup).catch((error: unknown) => {
      progress(`  left alone: ${describeFailure(error)}`);
      return undefined;
    });
    if (found?.isOurs) ours.push({ resource, found });
  }
  return ours;
}

async function remove(
  setup: StageSetup,
  doomed: readonly Doomed[],
  progress: (line: string) => void,
): Promise<void> {
  for (const { resource, found } of doomed) {
    progress(`Removing: ${resource.name}`);
    await explained(resource.name, () => resource.remove(setup, found));
    writeFields(setup.location.file, emptied(setup, resource, found));
  }
}

/** Fields that hold the id of what is gone. */
function emptied({ config }: StageSetup, resource: Resource, { id }: Found): Fields {
  const paths = Object.keys(resource.fields(config, id));
  const holding = paths.filter((path) => fieldOf(config, path) === id);
  return Object.fromEntries(holding.map((path) => [path, undefined]));
}

function describe(stage: string, doomed: readonly Doomed[]): string[] {
  const rows = doomed.map(({ resource, found }) => [resource.name, found.id, found.detail]);
  return [
    `To be removed for stage ${stage}`,
    '',
    ...formatTable(['what', 'id', 'detail'], rows),
    '',
  ];
}

function outcome(doomed: readonly Doomed[], isRemoved: boolean): string {
  if (doomed.length === 0) return 'Nothing to remove.';
  return isRemoved ? 'Removed.' : 'Nothing was removed.';
}
