import { ChatError } from './errors.ts';
import type { FlexMessages } from './flex.ts';
import type { Letter, SessionStore } from './ports.ts';
import { chatRef } from './session.ts';

/**
 * Shows the agent how far the customer has read. Only the open chat takes it: later than
 * that nobody looks. What Flex refuses for good is let go, as no message waits for it.
 *
 * @throws ChatError retryable ones.
 */
export async function markRead(
  ports: { readonly sessions: SessionStore; readonly flex: FlexMessages },
  letter: Extract<Letter, { kind: 'read' }>,
  nowMs: number,
): Promise<void> {
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  const chat = record?.session.chat;
  if (record === undefined || chat?.state !== 'open' || chat.number !== letter.chat) return;
  try {
    await ports.flex.markRead(chat.channel, chatRef(record.session), letter.index);
  } catch (error) {
    if (!(error instanceof ChatError) || error.retryable) throw error;
  }
}
