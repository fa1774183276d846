import { ChatError } from '#core/errors';
import type { Attempt, ChannelIndex, ChatTimers } from '#core/ports';
import type { ServePorts } from '#core/service/serve-or-end';
import {
  type Chat,
  chatRef,
  lastingExpiry,
  type NewChat,
  type SessionRecord,
  type StartedChat,
} from '#core/session';
import { endChat } from './end-chat.ts';
import { beginIdleWatch, type IdlePolicy } from './watch-idle-chat.ts';

export interface OpenChatPorts extends ServePorts {
  readonly channels: ChannelIndex;
  /** Only where silent chats are ended. */
  readonly timers?: ChatTimers;
}

/**
 * Opens the session's next chat in Flex for its first message: makes the channel, stores the
 * pointer from it to the session, routes it, and stores the open chat together with the message's
 * attempt. Each step may be repeated after a crash, as session and number give the channel's name.
 *
 * @returns the chat, `ended` when somebody has closed its channel already.
 * @throws ChatError of the back end, and `UPSTREAM_UNAVAILABLE` when the chat changed meanwhile.
 */
export async function openChat(
  ports: OpenChatPorts,
  { idleMs }: Partial<IdlePolicy>,
  record: SessionRecord,
  firstMessage: Attempt,
  nowMs: number,
): Promise<StartedChat> {
  const { session, profile } = record;
  const from = await nextChat(ports, record);
  const reference = chatRef(session, from.number);
  const { channel, state } = await ports.flex.openChannel(reference, profile);
  await ports.channels.link(channel.sid, reference, lastingExpiry(nowMs));
  const routed =
    state === 'open' ? await ports.flex.routeChannel(channel, reference, profile) : channel;

  if (ports.timers && idleMs !== undefined) {
    await beginIdleWatch(ports.timers, { idleMs }, reference, nowMs);
  }
  const awaited = ports.flex.awaitsTask ? { ...routed, awaitedSinceMs: nowMs } : routed;
  const opened: StartedChat = { number: from.number, state: 'open', channel: awaited };
  await change(ports, record, from, opened, firstMessage);
  if (state === 'open') return opened;
  await endChat(ports, record, opened, { by: 'agent', atMs: nowMs }, nowMs);
  return { ...opened, state: 'ended' };
}

async function nextChat(ports: OpenChatPorts, record: SessionRecord): Promise<NewChat> {
  const { chat } = record.session;
  if (chat.state === 'none') return chat;
  const next: NewChat = { number: chat.number + 1, state: 'none' };
  await change(ports, record, chat, next);
  return next;
}

async function change(
  { sessions }: OpenChatPorts,
  { session }: SessionRecord,
  from: Chat,
  to: Chat,
  attempt?: Attempt,
): Promise<void> {
  if (await sessions.changeChat(session.id, from, to, attempt)) return;
  throw new ChatError('UPSTREAM_UNAVAILABLE', `chat ${from.number} changed while it was opened`);
}
