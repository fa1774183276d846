import type { ConnectionId, SessionId } from './ids.ts';
import type { ConnectionStore } from './ports.ts';
import { connectionExpiry } from './session.ts';

/** Adds a connection to its session. Costs nothing in Flex; one write here. */
export async function openConnection(
  ports: { readonly connections: ConnectionStore },
  input: { sessionId: SessionId; connectionId: ConnectionId; connectedAtMs: number },
): Promise<void> {
  const { sessionId, connectionId, connectedAtMs } = input;
  const expiresAtMs = connectionExpiry(connectedAtMs);
  await ports.connections.add(sessionId, connectionId, connectedAtMs, expiresAtMs);
}
