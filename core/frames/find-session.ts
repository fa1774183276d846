import { ChatError } from '#core/errors';
import type { SessionId } from '#core/ids';
import type { SessionStore } from '#core/ports';
import type { SessionRecord } from '#core/session';

/**
 * Finds the session of a connection.
 * @returns undefined when it has not begun: nobody has said hello, and no message was delivered.
 * @throws ChatError `SESSION_GONE` when it has ended.
 */
export async function findSession(
  sessions: SessionStore,
  id: SessionId,
  nowMs: number,
): Promise<SessionRecord | undefined> {
  const record = await sessions.find(id, nowMs);
  if (record === undefined && (await sessions.findEnded(id, nowMs)) !== undefined) {
    throw new ChatError('SESSION_GONE', `session ${id} has ended`);
  }
  return record;
}
