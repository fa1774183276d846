import { type Published, type PublishPorts, publish } from '#core/connections/publish';
import type { FlexEvent, FlexMessage } from '#core/flex';
import type { SessionRecord } from '#core/session';
import { isOwnMessage } from '#core/transcript/authorship';
import { type Readership, type TranscriptPorts, toMessageEvent } from '#core/transcript/transcript';
import type { ToldMessages } from './told-messages.ts';

interface ChangePorts extends TranscriptPorts, PublishPorts {
  readonly told?: ToldMessages;
}

type ChangeEvent = Extract<FlexEvent, { kind: 'edited' | 'deleted' }>;

/**
 * Tells that a message was changed or deleted. It may come before the message itself and more than
 * once; clients compare the times, and forget what was deleted for good.
 *
 * @returns undefined if what customers see has not changed.
 */
export async function relayChange(
  ports: ChangePorts,
  readership: Readership,
  { kind, channelSid, message }: ChangeEvent,
  nowMs: number,
): Promise<Published | undefined> {
  const { record, chat } = readership;
  if (kind === 'deleted') {
    ports.told?.forget(channelSid, message);
    const { clientMessageId: id, index } = message;
    const own = isOwnMessage(record, chat, message) && id !== undefined;
    const gone = { type: 'messageDeleted', chat: chat.number, index, ...(own && { id }) } as const;
    return publish(ports, record, gone, nowMs);
  }
  if (ports.told?.note(channelSid, message) === false) return undefined;
  const shown = await toMessageEvent(ports, readership, withRole(record, message), nowMs);
  const { editedAt = shown.sentAt } = shown;
  return publish(ports, record, { ...shown, type: 'messageEdited', editedAt }, nowMs);
}

/** The webhook of a change may tell who has made it, and of the author no more than a name. */
function withRole({ participants }: SessionRecord, message: FlexMessage): FlexMessage {
  const isAgent =
    participants.names.has(message.author) ||
    participants.stays.some(({ identity }) => identity === message.author);
  return message.role === 'bot' && isAgent ? { ...message, role: 'agent' } : message;
}
