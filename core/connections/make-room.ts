import { ChatError } from '#core/errors';
import type { ConnectionId, SessionId } from '#core/ids';
import type { ConnectionStore, CustomerConnections, OpenedConnection } from '#core/ports';
import { dismissConnection } from './dismiss-connection.ts';
import { OPENING_MS } from './publish.ts';

export interface RoomPorts {
  readonly connections: ConnectionStore;
  readonly customers: CustomerConnections;
  readonly pause: (ms: number) => Promise<void>;
}

export interface RoomPolicy {
  /** Each event is pushed to every one of them. */
  readonly connectionsPerSession: number;
}

interface Newcomer {
  readonly sessionId: SessionId;
  readonly connectionId: ConnectionId;
}

/** So many are closed before the list is read again, as other newcomers close some, too. */
const AT_ONCE = 10;

/** After this time a connection that was still opening has opened, or was refused. */
const SETTLE_MS = 1_000;

const CLOSING = { reason: 'connection_limit', reconnect: false } as const;

/**
 * Closes the oldest connections of a session above the limit, after a newcomer was added to the list.
 * If many come at once, the last one to read the list sees all of them, and all sort it alike, so
 * that exactly the limit stays.
 *
 * @throws ChatError `TOO_FAST` when so many others came after the newcomer that it is too old itself.
 */
export async function makeRoom(
  ports: RoomPorts,
  policy: RoomPolicy,
  newcomer: Newcomer,
  nowMs: number,
): Promise<void> {
  const unreached: OpenedConnection[] = [];
  for (let excess = await tooMany(ports, policy, newcomer, nowMs); excess.length > 0; ) {
    const chosen = chooseFor(newcomer, excess);
    const closed = await Promise.all(chosen.map((old) => close(ports, newcomer.sessionId, old)));
    unreached.push(...chosen.filter((_, position) => closed[position] === 'unreached'));
    excess = excess.length > AT_ONCE ? await tooMany(ports, policy, newcomer, nowMs) : [];
  }
  await closeOpening(ports, policy, newcomer, unreached, nowMs);
}

/**
 * API Gateway calls a connection gone that is still opening. It opens afterwards, and is closed
 * then.
 */
async function closeOpening(
  ports: RoomPorts,
  policy: RoomPolicy,
  newcomer: Newcomer,
  unreached: readonly OpenedConnection[],
  nowMs: number,
): Promise<void> {
  const opening = unreached.filter(({ connectedAtMs }) => connectedAtMs > nowMs - OPENING_MS);
  if (opening.length === 0) return;
  await ports.pause(SETTLE_MS);
  await Promise.all(opening.map(({ id }) => dismissConnection(ports, id, CLOSING)));
  // Another newcomer may have closed this one in the meantime.
  await tooMany(ports, policy, newcomer, nowMs);
}

/** @returns the oldest ones above the limit. */
async function tooMany(
  ports: RoomPorts,
  { connectionsPerSession }: RoomPolicy,
  { sessionId, connectionId }: Newcomer,
  nowMs: number,
): Promise<readonly OpenedConnection[]> {
  const all = [...(await ports.connections.list(sessionId, nowMs))].sort(newestFirst);
  const staying = all.slice(0, connectionsPerSession);
  if (staying.some(({ id }) => id === connectionId)) return all.slice(staying.length);
  await ports.connections.remove(sessionId, connectionId);
  throw new ChatError('TOO_FAST', `session ${sessionId} opens many connections at once`);
}

function newestFirst(a: OpenedConnection, b: OpenedConnection): number {
  return b.connectedAtMs - a.connectedAtMs || (a.id < b.id ? -1 : 1);
}

/**
 * Newcomers that make room at the same time begin at different places, so that they close different
 * ones.
 */
function chooseFor(
  { connectionId }: Newcomer,
  excess: readonly OpenedConnection[],
): readonly OpenedConnection[] {
  const sum = [...connectionId].reduce((total, letter) => total * 31 + letter.charCodeAt(0), 7);
  const start = excess.length > AT_ONCE ? sum % excess.length : 0;
  return [...excess.slice(start), ...excess.slice(0, start)].slice(0, AT_ONCE);
}

/** Several newcomers may try: the one that takes it off the list closes it. */
async function close(
  ports: RoomPorts,
  sessionId: SessionId,
  { id }: OpenedConnection,
): Promise<'closed' | 'unreached'> {
  if (!(await ports.connections.take(sessionId, id))) return 'closed';
  return (await dismissConnection(ports, id, CLOSING)) ? 'closed' : 'unreached';
}
