import type { ConnectionId, SessionId } from '#core/ids';
import type { CustomerConnections, SessionStore } from '#core/ports';
import type { EventOf } from '#protocol/events';
import { dismissConnection } from './dismiss-connection.ts';

/**
 * Ends a session for good: its token is not accepted any more, and its connections are told why and
 * closed. The chat in Flex goes on until the agent ends it.
 * @returns the connections it had.
 */
export async function revokeSession(
  ports: { readonly sessions: SessionStore; readonly customers: CustomerConnections },
  sessionId: SessionId,
  reason: Extract<EventOf<'closing'>['reason'], 'revoked' | 'abuse'>,
  nowMs: number,
): Promise<readonly ConnectionId[]> {
  const record = await ports.sessions.find(sessionId, nowMs);
  if (record === undefined) return [];
  await ports.sessions.revoke(sessionId);
  const closing = { reason, reconnect: false };
  await Promise.all(record.connectionIds.map((id) => dismissConnection(ports, id, closing)));
  return record.connectionIds;
}
