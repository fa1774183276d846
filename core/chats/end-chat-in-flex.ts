import type { FlexChannels } from '#core/flex';
import type { SessionRecord, StartedChat } from '#core/session';
import { type EndPorts, endChat } from './end-chat.ts';

/**
 * Ends an open chat in Flex and here, because its customer or this channel wants it. Safe to repeat.
 *
 * Stores first who asked for the end: Flex's webhook may come before its answer, and the function
 * that takes it tells the customer who ended the chat.
 *
 * @throws ChatError of the back end.
 */
export async function endChatInFlex(
  ports: EndPorts & { readonly flex: Pick<FlexChannels, 'endChannel'> },
  record: SessionRecord,
  chat: StartedChat,
  by: 'customer' | 'system',
  nowMs: number,
): Promise<void> {
  const request =
    by === 'customer'
      ? ({ endRequestedByCustomer: true } as const)
      : ({ endRequestedBySystem: true } as const);
  const requested = { ...chat, ...request };
  await ports.sessions.changeChat(record.session.id, chat, requested);
  await ports.flex.endChannel(chat.channel);
  await endChat(ports, record, requested, { by: 'system', atMs: nowMs }, nowMs);
}
