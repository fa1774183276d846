import type { ConnectionId, SessionId } from '#core/ids';
import { connectionExpiry } from '#core/session';
import { makeRoom, type RoomPolicy, type RoomPorts } from './make-room.ts';

/**
 * Adds a connection to its session. Makes no call to Flex; one write, and one query if the session
 * may have other connections.
 *
 * @throws ChatError `TOO_FAST`: it must not open.
 */
export async function openConnection(
  ports: RoomPorts,
  policy: RoomPolicy,
  input: {
    sessionId: SessionId;
    connectionId: ConnectionId;
    connectedAtMs: number;
    isResumed: boolean;
    nowMs: number;
  },
): Promise<void> {
  const { sessionId, connectionId, connectedAtMs, isResumed, nowMs } = input;
  const expiresAtMs = connectionExpiry(connectedAtMs);
  await ports.connections.add(sessionId, connectionId, connectedAtMs, expiresAtMs);
  if (isResumed) await makeRoom(ports, policy, input, nowMs);
}
