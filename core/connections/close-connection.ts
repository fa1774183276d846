import type { ConnectionId, SessionId } from '#core/ids';
import type { ConnectionStore } from '#core/ports';

/**
 * Removes a closed connection. API Gateway may tell of it late or twice: the item is keyed by
 * connection, so no newer connection of the session goes with it. If API Gateway never tells, the
 * item expires.
 */
export async function closeConnection(
  ports: { readonly connections: ConnectionStore },
  input: { sessionId: SessionId; connectionId: ConnectionId },
): Promise<void> {
  await ports.connections.remove(input.sessionId, input.connectionId);
}
