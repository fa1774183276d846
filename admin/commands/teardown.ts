import {
  type Call,
  defineCommand,
  EXIT,
  type ExitCode,
  type Options,
  UsageError,
} from '../command.ts';
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
  edited: {
    type: 'string',
    value: 'ids',
    about: 'also these, by comma, although somebody has edited them',
  },
} as const satisfies Options;

export const teardownCommand = defineCommand({
  name: 'teardown',
  summary: [
    'Removes what provision made for the stage, and its SIDs from the configuration.',
    '',
    'What somebody has edited since, such as a flow in Studio, stays unless --edited names it.',
  ].join('\n'),
  options: OPTIONS,
  again: 'Run it again: what is removed already is not looked for any more.',
  run,
});

/** Something that provision made for the stage. */
interface Ours {
  readonly resource: Resource;
  readonly found: Found;
}

async function run(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { terminal, values } = call;
  const setup = await readSetup(call);
  const ours = await findOurs(setup, values.unused === true, terminal.progress);
  const { doomed, staying } = divide(ours, values.edited);
  const show = values.json ? terminal.progress : terminal.print;
  if (doomed.length > 0) show(...describe(setup.stage, doomed));
  if (staying.length > 0) show(...describeStaying(staying));
  const isRemoved = doomed.length > 0 && (await confirmed(call, 'Remove this?'));
  if (isRemoved) await remove(setup, doomed, terminal.progress);
  if (values.json) {
    terminal.printJson({
      stage: setup.stage,
      isRemoved,
      removed: doomed.map(toJson),
      left: staying.map((each) => ({ ...toJson(each), reason: each.found.edited })),
    });
  } else terminal.print(outcome(doomed, isRemoved));
  const isDone = isRemoved || doomed.length === 0 || values['dry-run'] === true;
  return isDone && staying.length === 0 ? EXIT.ok : EXIT.failed;
}

const toJson = ({ resource, found }: Ours) => ({ resource: resource.name, id: found.id });

async function findOurs(
  setup: StageSetup,
  isUnusedOnly: boolean,
  progress: (line: string) => void,
): Promise<Ours[]> {
  const ours: Ours[] = [];
  if (setup.webhookUrl === undefined) {
    progress(
      "Without --webhook-url a webhook of the chat service can't be told from others' and stays.",
    );
  }
  for (const resource of RESOURCES.toReversed()) {
    progress(`Looking at: ${resource.name}`);
    try {
      const isUsed = isUnusedOnly && resource.isNeeded(setup.config);
      const used = isUsed ? (await resource.find(setup))?.id : undefined;
      const all = await resource.findOurs(setup);
      ours.push(...all.filter(({ id }) => id !== used).map((found) => ({ resource, found })));
    } catch (error) {
      // What can't be looked at can't be removed either; the rest still can.
      progress(`  left alone: ${describeFailure(error)}`);
    }
  }
  return ours;
}

/** @throws UsageError when a named id is none of those that would stay. */
function divide(ours: readonly Ours[], named = ''): { doomed: Ours[]; staying: Ours[] } {
  const ids = named.split(',').filter((id) => id !== '');
  const edited = ours.filter(({ found }) => found.edited !== undefined);
  const strange = ids.find((id) => !edited.some(({ found }) => found.id === id));
  if (strange !== undefined) {
    const known = edited.map(({ found }) => found.id).join(', ') || 'nothing';
    throw new UsageError(
      `--edited: it names something else than what would stay here, which is ${known}.`,
    );
  }
  const staying = edited.filter(({ found }) => !ids.includes(found.id));
  return { doomed: ours.filter((each) => !staying.includes(each)), staying };
}

async function remove(
  setup: StageSetup,
  doomed: readonly Ours[],
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

function describe(stage: string, doomed: readonly Ours[]): string[] {
  const rows = doomed.map(({ resource, found }) => [resource.name, found.id, found.detail]);
  return [
    `To be removed for stage ${stage}`,
    '',
    ...formatTable(['what', 'id', 'detail'], rows),
    '',
  ];
}

function describeStaying(staying: readonly Ours[]): string[] {
  const rows = staying.map(({ resource, found }) => [resource.name, found.id, found.edited ?? '']);
  return [
    'Stays',
    '',
    ...formatTable(['what', 'id', 'why'], rows),
    '',
    `To remove it all the same pass --edited ${staying.map(({ found }) => found.id).join(',')}`,
    '',
  ];
}

function outcome(doomed: readonly Ours[], isRemoved: boolean): string {
  if (doomed.length === 0) return 'Nothing to remove.';
  return isRemoved ? 'Removed.' : 'Nothing was removed.';
}
