import { type EndPorts, endChat } from './end-chat.ts';
import type { FlexChannels } from './flex.ts';
import type { Letter } from './ports.ts';

type EndLetter = Extract<Letter, { kind: 'end' }>;

/**
 * Ends the open chat in Flex because the customer asked for it. Safe to repeat; if that chat is
 * not open there is nothing to do.
 *
 * The request is noted before Flex is told, because Flex's webhook may be back before its answer.
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
  const requested = { ...chat, endRequestedByCustomer: true } as const;
  await ports.sessions.changeChat(sessionId, chat, requested);
  await ports.flex.endChannel(chat.channel);
  await endChat(ports, record, requested, { by: 'agent', atMs: nowMs }, nowMs);
}
