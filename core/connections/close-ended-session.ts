import type { ConnectionId, SessionId } from '#core/ids';
import type { CustomerConnections, SessionStore } from '#core/ports';
import type { ServerEvent } from '#protocol/events';
import { dismissConnection } from './dismiss-connection.ts';

/**
 * Closes what is still open of a session that has ended. A connection is left over when it could
 * not be reached at the time; it must not go on as if somebody listened.
 *
 * @param asker `connectionId`: the one that just asked, whether or not it is on the list.
 * @param eventsFirst told before the reason.
 */
export async function closeEndedSession(
  ports: { readonly sessions: SessionStore; readonly customers: CustomerConnections },
  asker: { readonly sessionId: SessionId; readonly connectionId?: ConnectionId },
  nowMs: number,
  eventsFirst: readonly ServerEvent[] = [],
): Promise<void> {
  const { sessionId, connectionId } = asker;
  const ended = await ports.sessions.findEnded(sessionId, nowMs);
  const closing = ended?.isRevoked
    ? ({ reason: 'revoked', reconnect: false } as const)
    : ({ reason: 'expired', reconnect: true } as const);
  const open = new Set(ended?.connectionIds);
  if (connectionId !== undefined) open.add(connectionId);
  await Promise.all([...open].map((id) => dismissConnection(ports, id, closing, eventsFirst)));
}
