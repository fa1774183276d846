import { DynamoSessionStore } from '#adapters/aws/dynamo-session-store';
import { DynamoTable } from '#adapters/aws/dynamo-table';
import { SocketPush } from '#adapters/aws/socket-push';
import { revokeSession } from '#core/connections/revoke-session';
import { type SessionId, sessionId } from '#core/ids';
import {
  type Call,
  defineCommand,
  EXIT,
  type ExitCode,
  type Options,
  UsageError,
} from '../command.ts';
import { type Found, listOf } from '../erase/describe.ts';
import { erase } from '../erase/erase.ts';
import { findTraces, type Stores, type Traces } from '../erase/traces.ts';
import { explained } from '../failures/describe.ts';
import { CONNECTIONS_OPTIONS, CONNECTIONS_OUTPUTS, fromOutputs } from '../stack-outputs.ts';
import {
  CONFIRM_OPTIONS,
  confirmed,
  readSetup,
  SESSION_OPTION,
  sessionIn,
  TWILIO_OPTIONS,
} from '../stage.ts';
import { formatTable } from '../table.ts';
import { chatChannels } from '../twilio/chat-channels.ts';
import { chatTasks } from '../twilio/chat-tasks.ts';

const OPTIONS = {
  ...TWILIO_OPTIONS,
  ...SESSION_OPTION,
  identity: {
    type: 'string',
    value: 'name',
    about: 'the customer as Flex names it: customer-<id>',
  },
  ...CONNECTIONS_OPTIONS,
  ...CONFIRM_OPTIONS,
} as const satisfies Options;

const IDENTITY = /^customer-([\w-]{1,64})$/;

export const eraseCommand = defineCommand({
  name: 'erase',
  summary: [
    'Removes what is stored of one customer, here and in Twilio, and proves it.',
    '',
    'The session is ended first. Then go its tasks, files, conversations and user in Twilio, and its items in',
    'the table. It looks again afterwards and lists what is left. A row without anything of the customer stays until the',
    "session's token has expired: without it the token would begin the session anew.",
    '',
    'Not reached: logs (they hold no words), backups of the table, Flex Insights, and whatever others keep.',
    'docs/privacy.md tells where what is kept, and for how long.',
  ].join('\n'),
  options: OPTIONS,
  again: 'Run it again: it removes what is still there.',
  run,
});

type EraseCall = Call<typeof OPTIONS>;

async function run(call: EraseCall): Promise<ExitCode> {
  const { values, terminal } = call;
  const id = idIn(values);
  const { config, stage, twilio } = await readSetup(call);
  const from = fromOutputs(values, stage, CONNECTIONS_OUTPUTS);
  const stores: Stores = {
    table: new DynamoTable(from['table-name']),
    channels: chatChannels(twilio, config),
    tasks: chatTasks(twilio, config),
  };
  const look = async () => {
    const traces = await explained(`Session ${id}`, () => findTraces(stores, id));
    return { traces, list: listOf(traces, stores.channels.noun) };
  };
  const before = await look();
  const show = values.json ? terminal.progress : terminal.print;
  if (before.list.length > 0) show(...tableOf(before.list), '');
  const isWanted = before.list.length > 0 && (await confirmed(call, 'Erase this for good?'));
  if (!isWanted)
    return report(call, { stage, id, isErased: false, before: before.list, failures: [] });

  await revoke(stores, from['callback-url'], id);
  // Somebody may have written or sent a file until now.
  const { traces } = await look();
  const failures = await erase(stores, id, traces);
  const after = await look();
  const stay = new Set(after.traces.chats.map(({ sid }) => sid));
  const gone = traces.chats.filter(({ sid }) => !stay.has(sid));
  const left = [...after.list, ...(await tasksLeft(stores, gone))];
  return report(call, { stage, id, isErased: true, before: before.list, left, failures });
}

/** Tasks outlive their chat, by which they would be found. */
async function tasksLeft({ tasks }: Stores, chats: Traces['chats']): Promise<Found[]> {
  const left: Found[] = [];
  for (const { sid } of chats) {
    const found = await tasks.of(sid);
    left.push(...found.map((task) => ({ what: 'task', where: 'Twilio', id: task.sid }) as const));
  }
  return left;
}

/** @throws UsageError; what is no id is not repeated. */
function idIn(values: EraseCall['values']): SessionId {
  const session = sessionIn(values);
  const { identity } = values;
  if ((session ? 1 : 0) + (identity ? 1 : 0) !== 1) {
    throw new UsageError('Pass --session <id> or --identity customer-<id>.');
  }
  const [, ofIdentity] = IDENTITY.exec(identity ?? '') ?? [];
  const id = session || ofIdentity;
  if (id === undefined) {
    throw new UsageError(
      '--identity: expected the name that Flex shows, customer-<id of the session>.',
    );
  }
  return sessionId(id);
}

/** Its connections are told and closed, so that nothing new is written. */
async function revoke({ table }: Stores, callbackUrl: string, id: SessionId): Promise<void> {
  const sessions = new DynamoSessionStore(table);
  const customers = new SocketPush(callbackUrl);
  await explained(`Session ${id}`, () =>
    revokeSession({ sessions, customers }, id, 'revoked', Date.now()),
  );
}

interface Report {
  readonly stage: string;
  readonly id: SessionId;
  readonly isErased: boolean;
  readonly before: readonly Found[];
  /** What a second look has found. */
  readonly left?: readonly Found[];
  readonly failures: readonly string[];
}

function report({ values, terminal }: EraseCall, result: Report): ExitCode {
  const { stage, id, isErased, before, left = before, failures } = result;
  const atMs = Date.now();
  if (values.json) {
    const at = new Date(atMs).toISOString();
    terminal.printJson({ stage, sessionId: id, isErased, at, found: before, left, failures });
  } else {
    terminal.print(
      ...outcome(result, values['dry-run'] === true),
      ...failures.map((each) => `Failed: ${each}`),
    );
  }
  if (before.length === 0) return EXIT.ok;
  if (!isErased) return values['dry-run'] ? EXIT.ok : EXIT.failed;
  return left.length === 0 && failures.length === 0 ? EXIT.ok : EXIT.failed;
}

function outcome({ id, isErased, before, left = [] }: Report, isDryRun: boolean): string[] {
  if (before.length === 0) return [`Nothing is stored of session ${id}.`];
  if (!isErased) return [isDryRun ? 'Dry run: nothing was changed.' : 'Nothing was changed.'];
  const at = new Date().toISOString();
  const proof = `Erased session ${id} at ${at}: ${before.length} found, ${left.length} left.`;
  return left.length === 0 ? [proof] : [proof, 'Left:', ...tableOf(left)];
}

const tableOf = (list: readonly Found[]): string[] =>
  formatTable(
    ['where', 'what', 'id'],
    list.map(({ where, what, id }) => [where, what, id]),
  );
