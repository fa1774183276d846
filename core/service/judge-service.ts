import type { Service } from '#core/flex';
import type { LookOrder } from '#core/ports';
import type { StartedChat } from '#core/session';

/** A task that has not appeared after this time will not appear. */
export const TASK_GRACE_MS = 30_000;

/**
 * Flex ends, pauses, transfers and routes a chat in several steps. After this time they are done.
 */
export const SETTLE_MS = 3_000;

/**
 * If a customer has been silent for longer, a signal may have been lost: look before the next post.
 */
const SILENCE_MS = 15 * 60_000;

/** While a customer writes on, a signal may be lost, too: after this time look again. */
const LOOK_HOLDS_MS = 2 * 60_000;

/** A look that was ordered usually happens within this time. */
const LOOK_MS = 60_000;

/** What a look finds. `unsure`: a task may be about to come, or a flow may be talking. */
export type Verdict = 'ended' | 'served' | 'paused' | 'unsure' | 'nobody';

/** What we know besides Flex's answer. */
export interface Circumstances {
  readonly chat: StartedChat;
  readonly order: Pick<LookOrder, 'reason' | 'taskSid'>;
  /** The chat becomes a task without a flow or another service in between. */
  readonly awaitsTask: boolean;
  readonly nowMs: number;
}

/**
 * Does somebody serve the chat? Flex's answer decides. A signal alone does not: it may be late, and a
 * transfer replaces one task by another.
 */
export function judgeService(service: Service, circumstances: Circumstances): Verdict {
  const { chat } = circumstances;
  switch (service.kind) {
    case 'ended':
    case 'gone':
      return 'ended';
    case 'task':
      return 'served';
    case 'failed':
      return 'nobody';
    case 'paused':
      // Without a task so far, it may be a flow that has fallen silent.
      if (!wasTask(circumstances)) return 'unsure';
      // A task is awaited since the customer has written again, and may not have been made.
      return chat.channel.awaitedSinceMs === undefined ? 'paused' : judgeAbsence(circumstances);
    case 'none':
      return isAboutLatest(circumstances) ? 'nobody' : judgeAbsence(circumstances);
  }
}

function judgeAbsence(circumstances: Circumstances): Verdict {
  const { chat, nowMs } = circumstances;
  if (chat.channel.awaitedSinceMs !== undefined) {
    return isOverdue(chat, nowMs) ? 'nobody' : 'unsure';
  }
  return wasTask(circumstances) ? 'nobody' : 'unsure';
}

/**
 * Does the signal tell of the latest task? In a chat that was routed again, it may tell of an
 * earlier one.
 */
function isAboutLatest({ chat: { channel, reroutes }, order }: Circumstances): boolean {
  if (order.reason !== 'failed' && order.taskSid === undefined) return false;
  if (order.taskSid !== undefined && order.taskSid === channel.taskSid) return true;
  const isUnknown = order.taskSid === undefined || channel.taskSid === undefined;
  return isUnknown && reroutes === undefined;
}

/** A chat with a flow has no task until the flow hands it over, and nothing is wrong with that. */
function wasTask({ chat: { channel }, order, awaitsTask }: Circumstances): boolean {
  return (
    awaitsTask ||
    channel.wasServed === true ||
    channel.taskSid !== undefined ||
    order.taskSid !== undefined
  );
}

/** Whether the awaited task should have appeared by now. */
export function isOverdue({ channel: { awaitedSinceMs } }: StartedChat, nowMs: number): boolean {
  return awaitedSinceMs !== undefined && nowMs - awaitedSinceMs >= TASK_GRACE_MS;
}

/** Whether a look was ordered long ago and has not happened. */
export function isStillUnverified(
  { channel: { unverifiedSinceMs } }: StartedChat,
  nowMs: number,
): boolean {
  return unverifiedSinceMs !== undefined && nowMs - unverifiedSinceMs >= LOOK_MS;
}

/** Whether the worker has to look before it posts a message. */
export function isUnverified(
  { chat, previousAtMs }: { readonly chat: StartedChat; readonly previousAtMs?: number },
  { acceptedAtMs }: { readonly acceptedAtMs: number },
): boolean {
  const silenceMs = acceptedAtMs - (previousAtMs ?? acceptedAtMs);
  const isUnsettled = isOverdue(chat, acceptedAtMs) || isStillUnverified(chat, acceptedAtMs);
  const sinceServedMs = acceptedAtMs - (chat.channel.servedAtMs ?? acceptedAtMs);
  return silenceMs > SILENCE_MS || sinceServedMs > LOOK_HOLDS_MS || isUnsettled;
}
