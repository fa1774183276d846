import type { ConnectionId, SessionId } from '#core/ids';
import type { CustomerConnections, SessionStore } from '#core/ports';
import type { ServerEvent } from '#protocol/events';
import { dismissConnection } from './dismiss-connection.ts';

/**
 * Closes the connections that a session still has after its end. One is left over if it could not be
 * reached when the session ended; its customer must not go on writing to nobody.
 *
 * @param asker `connectionId`: the connection that just asked. It is closed whether or not it is listed.
 * @param eventsFirst pushed before the reason.
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
