import type { FlexChannels } from '#core/flex';
import type { FlexMailbox } from '#core/ports';
import { isOverdue, isStillUnverified } from '#core/service/judge-service';
import { lookOrder } from '#core/service/look-after-chat';
import { chatRef, type SessionRecord, type StartedChat } from '#core/session';
import { type EndPorts, endChat } from './end-chat.ts';

export interface DetectPorts extends EndPorts {
  readonly flex: FlexChannels;
  readonly mailbox: FlexMailbox;
}

/**
 * Asks Flex whether the session's open chat has ended without a webhook that told us. If so, ends it
 * here too and tells every connection. A chat that Flex does not have any more has ended. If the
 * chat is open and its task is over, orders a look.
 *
 * @returns whether the chat has ended.
 * @throws ChatError of the back end.
 */
export async function detectEnd(
  ports: DetectPorts,
  record: SessionRecord,
  nowMs: number,
): Promise<boolean> {
  const { session } = record;
  const { chat } = session;
  if (chat.state !== 'open') return chat.state === 'ended';
  const [state, isUnserved] = await Promise.all([
    ports.flex.channelState(chatRef(session)),
    seemsUnserved(ports, chat, nowMs),
  ]);
  if (state === 'open') {
    if (isUnserved) await orderLook(ports, record, chat, nowMs);
    return false;
  }
  const by = state === undefined ? 'system' : 'agent';
  await endChat(ports, record, chat, { by, atMs: nowMs }, nowMs);
  return true;
}

/**
 * Makes at most one call. If it fails the chat counts as served: a signal or a message will order a
 * look.
 */
async function seemsUnserved(
  { flex }: DetectPorts,
  chat: StartedChat,
  nowMs: number,
): Promise<boolean> {
  const { taskSid, awaitedSinceMs } = chat.channel;
  if (isStillUnverified(chat, nowMs)) return true;
  if (awaitedSinceMs !== undefined && !isOverdue(chat, nowMs)) return false;
  if (taskSid === undefined) return awaitedSinceMs !== undefined;
  return !(await flex.taskGoesOn(taskSid).catch(() => true));
}

async function orderLook(
  { mailbox }: DetectPorts,
  { session }: SessionRecord,
  { number }: StartedChat,
  nowMs: number,
): Promise<void> {
  const order = lookOrder({ chat: number, reason: 'unverified' }, nowMs);
  await mailbox.send({ sessionId: session.id, ...order }, `look ${number} ${nowMs}`);
}
