import type { EventOf } from '#protocol/events';
import type { Profile } from '#protocol/frames';
import type { SessionId } from './ids.ts';
import { type RenewPorts, renewSession } from './renew-session.ts';

/**
 * Answers `startChat`: after an ended chat the next one gets its number, so that the next
 * message opens it. An open or not yet begun chat stays as it is.
 *
 * @throws ChatError `SESSION_GONE`.
 */
export async function startChat(
  ports: RenewPorts,
  input: { sessionId: SessionId; profile?: Profile; nowMs: number },
): Promise<EventOf<'session'>> {
  const record = await ports.sessions.find(input.sessionId, input.nowMs);
  const chat = record?.session.chat;
  if (chat?.state === 'ended') {
    // Another tab may have done the same just now; either way the next number stands.
    await ports.sessions.changeChat(input.sessionId, chat, {
      number: chat.number + 1,
      state: 'none',
    });
  }
  return renewSession(ports, input);
}
