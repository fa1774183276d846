import type { Service } from '#core/flex';
import type { LookOrder } from '#core/ports';
import type { StartedChat } from '#core/session';

/** A task that is not there so long after it was promised does not come. */
export const TASK_GRACE_MS = 30_000;

/** Flex takes several steps to end, pause, transfer or route a chat; after this time they are done. */
export const SETTLE_MS = 3_000;

/** After such a silence of the customer nobody may have told us what happened. */
const SILENCE_MS = 15 * 60_000;

/** Nor may anybody while a customer writes on: so long a look holds good. */
const LOOK_HOLDS_MS = 2 * 60_000;

/** By then a look that was ordered has been taken, as a rule. */
const LOOK_MS = 60_000;

/** What a look comes to. `unsure`: a task may be about to come, or a flow may be talking. */
export type Verdict = 'ended' | 'served' | 'paused' | 'unsure' | 'nobody';

/** What is known besides what Flex says. */
export interface Circumstances {
  readonly chat: StartedChat;
  readonly order: Pick<LookOrder, 'reason' | 'taskSid'>;
  /** The chat becomes a task without a flow or another service in between. */
  readonly awaitsTask: boolean;
  readonly nowMs: number;
}

/**
 * Does somebody serve the chat? A signal alone says nothing: it may be late, and transfers
 * replace tasks. What counts is what Flex says now.
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
      // A flow alone may have fallen silent, too.
      if (!wasTask(circumstances)) return 'unsure';
      // Else the customer has written, and perhaps no task came of it.
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
 * The event says what became of the latest task. Of a chat that was routed again, events about
 * earlier tasks are an old story.
 */
function isAboutLatest({ chat: { channel, reroutes }, order }: Circumstances): boolean {
  if (order.reason !== 'failed' && order.taskSid === undefined) return false;
  if (order.taskSid !== undefined && order.taskSid === channel.taskSid) return true;
  const isUnknown = order.taskSid === undefined || channel.taskSid === undefined;
  return isUnknown && reroutes === undefined;
}

/** Before a flow hands over there is no task, and nothing is wrong. */
function wasTask({ chat: { channel }, order, awaitsTask }: Circumstances): boolean {
  return (
    awaitsTask ||
    channel.wasServed === true ||
    channel.taskSid !== undefined ||
    order.taskSid !== undefined
  );
}

/** Whether the task that was promised should be there by now. */
export function isOverdue({ channel: { awaitedSinceMs } }: StartedChat, nowMs: number): boolean {
  return awaitedSinceMs !== undefined && nowMs - awaitedSinceMs >= TASK_GRACE_MS;
}

/** Whether the look that was ordered long ago has come to nothing. */
export function isStillUnverified(
  { channel: { unverifiedSinceMs } }: StartedChat,
  nowMs: number,
): boolean {
  return unverifiedSinceMs !== undefined && nowMs - unverifiedSinceMs >= LOOK_MS;
}

/** Whether a look is due before a message is posted. */
export function isUnverified(
  { chat, previousAtMs }: { readonly chat: StartedChat; readonly previousAtMs?: number },
  { acceptedAtMs }: { readonly acceptedAtMs: number },
): boolean {
  const silenceMs = acceptedAtMs - (previousAtMs ?? acceptedAtMs);
  const isUnsettled = isOverdue(chat, acceptedAtMs) || isStillUnverified(chat, acceptedAtMs);
  const sinceServedMs = acceptedAtMs - (chat.channel.servedAtMs ?? acceptedAtMs);
  return silenceMs > SILENCE_MS || sinceServedMs > LOOK_HOLDS_MS || isUnsettled;
}
