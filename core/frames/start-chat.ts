import { detectEnd } from '#core/chats/detect-end';
import { ChatError } from '#core/errors';
import type { SessionId } from '#core/ids';
import type { SessionRecord } from '#core/session';
import type { EventOf } from '#protocol/events';
import type { Profile } from '#protocol/frames';
import { type RenewPorts, renewSession } from './renew-session.ts';

/**
 * Answers `startChat`: if the chat has ended, gives the next chat its number, and the next message
 * opens it. A chat that is open or has not begun stays as it is.
 *
 * @throws ChatError `SESSION_GONE`.
 */
export async function startChat(
  ports: RenewPorts,
  input: { sessionId: SessionId; profile?: Profile; nowMs: number },
): Promise<EventOf<'session'>> {
  const record = await ports.sessions.find(input.sessionId, input.nowMs);
  const chat = record?.session.chat;
  if (record !== undefined && chat !== undefined && (await hasEnded(ports, record, input.nowMs))) {
    // If another tab has just done the same, the condition fails, and the number is right all the
    // same.
    const ended = { number: chat.number, state: 'ended' as const };
    await ports.sessions.changeChat(input.sessionId, ended, {
      number: chat.number + 1,
      state: 'none',
    });
  }
  return renewSession(ports, input);
}

/**
 * Asks Flex, too: no webhook may have told of the end. While Flex can't be asked, the chat counts
 * as open.
 */
async function hasEnded(ports: RenewPorts, record: SessionRecord, nowMs: number): Promise<boolean> {
  const { id, chat } = record.session;
  if (chat.state !== 'open') return chat.state === 'ended';
  if (!(await ports.flexFrames.admit(id, nowMs))) return false;
  try {
    return await detectEnd(ports, record, nowMs);
  } catch (error) {
    if (error instanceof ChatError && error.retryable) return false;
    throw error;
  }
}
