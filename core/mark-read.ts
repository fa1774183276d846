import type { FlexMessages } from './flex.ts';
import type { Letter, SessionStore } from './ports.ts';
import { chatRef } from './session.ts';

/**
 * Shows the agent how far the customer has read. Only the open chat takes it: later than
 * that nobody looks.
 *
 * @throws ChatError of the back end.
 */
export async function markRead(
  ports: { readonly sessions: SessionStore; readonly flex: FlexMessages },
  letter: Extract<Letter, { kind: 'read' }>,
  nowMs: number,
): Promise<void> {
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  const chat = record?.session.chat;
  if (record === undefined || chat?.state !== 'open' || chat.number !== letter.chat) return;
  await ports.flex.markRead(chat.channel, chatRef(record.session), letter.index);
}
