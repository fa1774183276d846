import { type EndPorts, endChat } from './end-chat.ts';
import type { FlexChannels } from './flex.ts';
import type { SessionRecord, StartedChat } from './session.ts';

/**
 * Ends an open chat in Flex and here, because this channel says so. Safe to repeat.
 *
 * The request is noted before Flex is told, because Flex's webhook may be back before its answer.
 *
 * @throws ChatError of the back end.
 */
export async function endChatBySystem(
  ports: EndPorts & { readonly flex: Pick<FlexChannels, 'endChannel'> },
  record: SessionRecord,
  chat: StartedChat,
  nowMs: number,
): Promise<void> {
  const requested = { ...chat, endRequestedBySystem: true } as const;
  await ports.sessions.changeChat(record.session.id, chat, requested);
  await ports.flex.endChannel(chat.channel);
  await endChat(ports, record, requested, { by: 'system', atMs: nowMs }, nowMs);
}
