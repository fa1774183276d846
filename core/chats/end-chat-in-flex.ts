import type { FlexChannels } from '#core/flex';
import type { SessionRecord, StartedChat } from '#core/session';
import { type EndPorts, endChat } from './end-chat.ts';

/**
 * Ends an open chat in Flex and here, because its customer or this channel says so. Safe to repeat.
 *
 * The request is noted before Flex is told, because Flex's webhook may be back before its answer;
 * whoever tells of the end then names who asked for it.
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
