import { type EndPorts, endChat } from './end-chat.ts';
import type { FlexChannels } from './flex.ts';
import { chatRef, type SessionRecord } from './session.ts';

export interface NoticePorts extends EndPorts {
  readonly flex: FlexChannels;
}

/**
 * Asks Flex whether the session's open chat has ended there unseen: a webhook may be lost, and
 * none may come. If so it ends here too, and every connection is told.
 *
 * @returns whether the chat has ended.
 * @throws ChatError of the back end.
 */
export async function noticeEnd(
  ports: NoticePorts,
  record: SessionRecord,
  nowMs: number,
): Promise<boolean> {
  const { session } = record;
  const { chat } = session;
  if (chat.state !== 'open') return chat.state === 'ended';
  if ((await ports.flex.channelState(chatRef(session))) !== 'ended') return false;
  await endChat(ports, record, chat, { by: 'agent', atMs: nowMs }, nowMs);
  return true;
}
