import { DynamoSessionStore } from '#adapters/aws/dynamo-session-store';
import { DynamoTable } from '#adapters/aws/dynamo-table';
import { SocketPush } from '#adapters/aws/socket-push';
import { revokeSession } from '#core/connections/revoke-session';
import { sessionId } from '#core/ids';
import type { CustomerConnections } from '#core/ports';
import type { SessionRecord } from '#core/session';
import {
  type Call,
  CommandError,
  defineCommand,
  EXIT,
  type ExitCode,
  type Options,
  UsageError,
} from '../command.ts';
import { describeFailure, explained } from '../failures/describe.ts';
import {
  CONNECTIONS_OPTIONS,
  CONNECTIONS_OUTPUTS,
  fromOutputs,
  OUTPUTS_OPTION,
} from '../stack-outputs.ts';
import {
  CONFIRM_OPTIONS,
  confirmed,
  locate,
  SESSION_OPTION,
  STAGE_OPTIONS,
  sessionIn,
} from '../stage.ts';

const OPTIONS = {
  ...STAGE_OPTIONS,
  ...OUTPUTS_OPTION,
  ...SESSION_OPTION,
  ...CONNECTIONS_OPTIONS,
  ...CONFIRM_OPTIONS,
} as const satisfies Options;

export const revokeCommand = defineCommand({
  name: 'revoke',
  summary: [
    "Ends a customer's session for good.",
    '',
    'Its token is void from now on; its connections are told so and closed. The chat in Flex is left',
    'to the agent. The customer may begin a new session.',
  ].join('\n'),
  options: OPTIONS,
  again: 'Run it again: a session that is revoked stays so.',
  run,
});

async function run(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { values, terminal } = call;
  const { stage } = locate(values);
  const given = sessionIn(values);
  if (!given) throw new UsageError('Pass --session <id>.');
  const id = sessionId(given);
  const from = fromOutputs(values, stage, CONNECTIONS_OUTPUTS);
  const sessions = new DynamoSessionStore(new DynamoTable(from['table-name']));
  const customers = new WatchedConnections(new SocketPush(from['callback-url']));
  const onTable = <T>(run: () => Promise<T>) => explained(`Table ${from['table-name']}`, run);

  const record = await onTable(() => sessions.find(id, Date.now()));
  if (record === undefined) {
    throw new CommandError(`There is no session ${id}: never begun, expired or revoked.`);
  }
  (values.json ? terminal.progress : terminal.print)(...describe(record));
  const isRevoked = await confirmed(call, 'End this session for good?');
  if (isRevoked)
    await onTable(() => revokeSession({ sessions, customers }, id, 'revoked', Date.now()));
  const { closed, failures } = customers;
  const result = { stage, sessionId: id, isRevoked, closed, notReached: failures.length };
  if (values.json) terminal.printJson(result);
  else terminal.print(...outcome(isRevoked, customers, values['dry-run'] === true));
  const isDone = isRevoked ? failures.length === 0 : values['dry-run'] === true;
  return isDone ? EXIT.ok : EXIT.failed;
}

function describe({ session, connectionIds }: SessionRecord): string[] {
  const { number, state } = session.chat;
  const until = new Date(session.expiresAtMs).toISOString();
  return [
    `Session ${session.id}, kept until ${until}`,
    `  chat:        ${number}, ${state === 'none' ? 'not begun' : state}`,
    `  connections: ${connectionIds.length}`,
  ];
}

function outcome(isRevoked: boolean, customers: WatchedConnections, isDryRun: boolean): string[] {
  if (!isRevoked) return [isDryRun ? 'Dry run: nothing was changed.' : 'Nothing was changed.'];
  const { closed, failures } = customers;
  return [
    `Revoked. Connections closed: ${closed}.`,
    ...(failures.length === 0
      ? []
      : [
          `Not reached: ${failures.length} (${failures[0]}). They end by themselves within two hours.`,
        ]),
  ];
}

/** Remembers which connections could not be closed: revoking goes on whatever happens to one of them. */
class WatchedConnections implements CustomerConnections {
  readonly #connections: CustomerConnections;
  readonly failures: string[] = [];
  closed = 0;

  constructor(connections: CustomerConnections) {
    this.#connections = connections;
  }

  push(...of: Parameters<CustomerConnections['push']>): Promise<boolean> {
    return this.#connections.push(...of);
  }

  async close(...of: Parameters<CustomerConnections['close']>): Promise<void> {
    try {
      await this.#connections.close(...of);
      this.closed += 1;
    } catch (error) {
      this.failures.push(describeFailure(error));
      throw error;
    }
  }
}
