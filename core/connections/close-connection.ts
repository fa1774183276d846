import type { ConnectionId, SessionId } from '#core/ids';
import type { ConnectionStore } from '#core/ports';

/**
 * Removes a closed connection. API Gateway may tell of it late, twice or never: the row is
 * keyed by connection, so a newer connection of the session is never touched, and it expires.
 */
export async function closeConnection(
  ports: { readonly connections: ConnectionStore },
  input: { sessionId: SessionId; connectionId: ConnectionId },
): Promise<void> {
  await ports.connections.remove(input.sessionId, input.connectionId);
}
