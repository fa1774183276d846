import { type EndPorts, endChat } from '#core/chats/end-chat';
import { type Published, publish } from '#core/connections/publish';
import type { FlexChannels, FlexContents, FlexEvent, FlexNames } from '#core/flex';
import type { SessionId } from '#core/ids';
import type { ChannelIndex, FlexMailbox } from '#core/ports';
import { noteService } from '#core/service/note-service';
import { type ChatRef, chatRef, type SessionRecord } from '#core/session';
import { type Readership, toMessageEvent } from '#core/transcript/transcript';
import { relayChange } from './relay-change.ts';
import { relayParticipant } from './relay-participant.ts';
import type { ToldMessages } from './told-messages.ts';

export interface RelayPorts extends EndPorts {
  readonly channels: ChannelIndex;
  readonly mailbox: FlexMailbox;
  readonly names: FlexNames;
  readonly contents?: FlexContents;
  readonly flex: Pick<FlexChannels, 'endChannel'>;
  /** What customers were told of messages lately; without it each change in Flex is told. */
  readonly told?: ToldMessages;
}

/**
 * `unknown`: no session of ours, or one that has expired. `nothing`: the customer is told nothing.
 * `unverified`: a look will find out whether somebody is there.
 */
export type Relayed = Published | 'ended' | 'unverified' | 'nothing' | 'unknown';

/**
 * Tells every connection of a session what a webhook of Flex has told. Webhooks come twice and in any
 * order: messages carry Flex's index, so that clients show each once, and the end is told once.
 *
 * Looks a channel up that is not the session's current one, so that a late message of an earlier
 * chat is shown in that chat.
 *
 * @param sessionId from the webhook's URL; absent for webhooks that serve all sessions.
 */
export async function relayFlexEvent(
  ports: RelayPorts,
  event: FlexEvent,
  sessionId: SessionId | undefined,
  nowMs: number,
): Promise<Relayed> {
  if (event.kind === 'other') return 'nothing';
  if (sessionId === undefined && isToldByChannel(event)) return 'nothing';
  const pointer = sessionId ?? (await ports.channels.find(event.channelSid, nowMs))?.sessionId;
  if (pointer === undefined) return 'unknown';
  const record = await ports.sessions.find(pointer, nowMs);
  if (record === undefined) return 'unknown';
  const chat = await chatOf(ports, record, event, nowMs);
  if (chat === undefined) return 'unknown';

  if (event.kind === 'ended') return relayEnd(ports, record, chat, event, nowMs);
  const isForCustomer = sessionId !== undefined || 'message' in event;
  // If a participant can't be stored, the webhook fails, but only after the rest is done.
  const [shown] = await Promise.allSettled([
    isForCustomer ? show(ports, { record, chat }, event, nowMs) : undefined,
  ]);
  const noted = await noteService(ports, record, chat, event, nowMs);
  if (shown.status === 'rejected') throw shown.reason;
  return shown.value ?? noted;
}

/**
 * Webhooks that serve all sessions repeat what a channel's own webhooks tell. They alone tell of
 * messages by a flow's widgets, of ends and of tasks. An agent without an identity would be shown
 * twice.
 */
function isToldByChannel(event: FlexEvent): boolean {
  switch (event.kind) {
    case 'message':
    case 'edited':
    case 'deleted':
      return event.message.role !== 'bot' || event.message.clientMessageId !== undefined;
    case 'joined':
      return event.taskSid === undefined;
    case 'read':
      return true;
    default:
      return false;
  }
}

async function chatOf(
  ports: RelayPorts,
  { session }: SessionRecord,
  event: FlexEvent,
  nowMs: number,
): Promise<ChatRef | undefined> {
  const { chat } = session;
  if (chat.state !== 'none' && chat.channel.sid === event.channelSid) return chatRef(session);
  const linked = await ports.channels.find(event.channelSid, nowMs);
  return linked?.sessionId === session.id ? linked : undefined;
}

async function relayEnd(
  ports: RelayPorts,
  record: SessionRecord,
  { number }: ChatRef,
  event: Extract<FlexEvent, { kind: 'ended' }>,
  nowMs: number,
): Promise<Relayed> {
  const { chat } = record.session;
  if (chat.number !== number || chat.state !== 'open') return 'nothing';
  if (!(await endChat(ports, record, chat, event, nowMs))) return 'nothing';
  // Twilio does not document whether its timer also completes the agent's task, so we end that.
  if (event.by === 'system') await ports.flex.endChannel(chat.channel);
  return 'ended';
}

async function show(
  ports: RelayPorts,
  readership: Readership,
  event: Exclude<FlexEvent, { kind: 'ended' | 'other' }>,
  nowMs: number,
): Promise<Published | undefined> {
  switch (event.kind) {
    case 'message': {
      ports.told?.note(event.channelSid, event.message);
      const shown = await toMessageEvent(ports, readership, event.message, nowMs);
      return publish(ports, readership.record, shown, nowMs);
    }
    case 'edited':
    case 'deleted':
      return relayChange(ports, readership, event, nowMs);
    case 'joined':
    case 'left':
    case 'read':
      return relayParticipant(ports, readership, event, nowMs);
    case 'routed':
    case 'unserved':
      return undefined;
  }
}
