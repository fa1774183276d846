import { closeEndedSession } from '#core/connections/close-ended-session';
import { type PublishPorts, publish } from '#core/connections/publish';
import type { CustomerConnections, PostLetter, SessionStore } from '#core/ports';
import type { Code } from '#protocol/codes';

export interface RejectPorts extends PublishPorts {
  readonly sessions: SessionStore;
  readonly customers: CustomerConnections;
}

/**
 * Tells the customer that an accepted message will not reach Flex. If the session has ended, its
 * remaining connections are told that too, and closed.
 */
export async function rejectMessage(
  ports: RejectPorts,
  letter: Pick<PostLetter, 'sessionId' | 'id'>,
  code: Code,
  nowMs: number,
): Promise<'rejected'> {
  const rejected = { type: 'rejected', id: letter.id, code } as const;
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  if (record) await publish(ports, record, rejected, nowMs);
  else await closeEndedSession(ports, letter, nowMs, [rejected]);
  return 'rejected';
}
