import type { FlexChannels } from '#core/flex';
import type { Letter } from '#core/ports';
import type { EndPorts } from './end-chat.ts';
import { endChatInFlex } from './end-chat-in-flex.ts';

type EndLetter = Extract<Letter, { kind: 'end' }>;

/**
 * Ends the open chat in Flex because the customer asked for it. Safe to repeat. Does nothing if that
 * chat is not open any more.
 *
 * @throws ChatError of the back end.
 */
export async function endChatByCustomer(
  ports: EndPorts & { readonly flex: FlexChannels },
  { sessionId, chat: meant }: EndLetter,
  nowMs: number,
): Promise<void> {
  const record = await ports.sessions.find(sessionId, nowMs);
  const chat = record?.session.chat;
  if (record === undefined || chat?.state !== 'open' || chat.number !== meant) return;
  await endChatInFlex(ports, record, chat, 'customer', nowMs);
}
