import { endChat } from '#core/chats/end-chat';
import { hasCode } from '#core/errors';
import type { SessionId } from '#core/ids';
import type { ServePorts } from '#core/service/serve-or-end';
import { chatRef } from '#core/session';

/**
 * Shows the agent how far the customer has read, as long as the chat is open. If Flex says that the
 * chat has ended, ends it here too and tells every connection.
 *
 * @throws ChatError of the back end.
 */
export async function markRead(
  ports: ServePorts,
  mark: { readonly sessionId: SessionId; readonly chat: number; readonly index: number },
  nowMs: number,
): Promise<void> {
  const record = await ports.sessions.find(mark.sessionId, nowMs);
  const chat = record?.session.chat;
  if (record === undefined || chat?.state !== 'open' || chat.number !== mark.chat) return;
  const reference = chatRef(record.session);
  try {
    await ports.flex.markRead(chat.channel, reference, mark.index);
  } catch (error) {
    if (!hasCode(error, 'CHAT_ENDED') && !hasCode(error, 'NO_CHAT')) throw error;
    const state = await ports.flex.channelState(reference);
    if (state === 'open') throw error;
    const by = state === undefined ? 'system' : 'agent';
    await endChat(ports, record, chat, { by, atMs: nowMs }, nowMs);
  }
}
