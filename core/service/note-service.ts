import type { FlexEvent, UnservedReason } from '#core/flex';
import type { FlexMailbox, SessionStore } from '#core/ports';
import { type Channel, type ChatRef, customerIdentity, type SessionRecord } from '#core/session';
import { lookOrder } from './look-after-chat.ts';

interface NotePorts {
  readonly sessions: SessionStore;
  readonly mailbox: FlexMailbox;
}

/**
 * Notes what an event says of those who serve the session's open chat. That somebody is there is
 * kept with the chat; so is that perhaps nobody is, until somebody has looked: the event may be late.
 *
 * @returns `unverified` when a look was ordered.
 */
export async function noteService(
  ports: NotePorts,
  record: SessionRecord,
  { sessionId, number }: ChatRef,
  event: FlexEvent,
  nowMs: number,
): Promise<'unverified' | 'nothing'> {
  const { chat } = record.session;
  if (chat.state !== 'open' || chat.number !== number) return 'nothing';
  if ('identity' in event && event.identity === customerIdentity(sessionId)) return 'nothing';
  switch (event.kind) {
    case 'joined':
      await noteAgent(ports, { sessionId, number }, chat.channel, event.taskSid, nowMs);
      return 'nothing';
    case 'routed':
      await noteTask(ports, { sessionId, number }, chat.channel, event, nowMs);
      return 'nothing';
    case 'left':
      return markUnverified(
        ports,
        { sessionId, number },
        chat.channel,
        'left',
        event.taskSid,
        nowMs,
      );
    case 'unserved':
      return markUnverified(
        ports,
        { sessionId, number },
        chat.channel,
        event.reason,
        event.taskSid,
        nowMs,
      );
    default:
      return 'nothing';
  }
}

/**
 * Of a task that a flow made nothing else tells as long as nobody has accepted it. The event may be
 * older than what is known, and so replaces nothing.
 */
async function noteTask(
  { sessions }: NotePorts,
  { sessionId, number }: ChatRef,
  known: Channel,
  { taskSid, interactionSid, interactionChannelSid }: Extract<FlexEvent, { kind: 'routed' }>,
  nowMs: number,
): Promise<void> {
  if (known.taskSid !== undefined) return;
  // Without the task nothing else leads to the interaction of a flow.
  const interaction = interactionSid !== undefined &&
    interactionChannelSid !== undefined && { interactionSid, interactionChannelSid };
  const set = { wasServed: true, servedAtMs: nowMs, taskSid, ...interaction } as const;
  await sessions.noteChannel(sessionId, number, { set });
}

async function noteAgent(
  { sessions }: NotePorts,
  { sessionId, number }: ChatRef,
  known: Channel,
  taskSid = known.taskSid,
  nowMs: number,
): Promise<void> {
  const isNews =
    !known.wasServed ||
    known.awaitedSinceMs !== undefined ||
    known.unverifiedSinceMs !== undefined ||
    known.isPaused;
  if (taskSid === known.taskSid && !isNews) return;
  await sessions.noteChannel(sessionId, number, {
    set: { wasServed: true, servedAtMs: nowMs, ...(taskSid !== undefined && { taskSid }) },
    remove: ['awaitedSinceMs', 'unverifiedSinceMs', 'isPaused', 'isRerouting'],
  });
}

async function markUnverified(
  { sessions, mailbox }: NotePorts,
  { sessionId, number }: ChatRef,
  known: Channel,
  reason: UnservedReason,
  taskSid: string | undefined,
  nowMs: number,
): Promise<'unverified'> {
  if (known.unverifiedSinceMs === undefined) {
    // Routing that failed says nothing of an agent; everything else does.
    const wasServed = known.wasServed || reason !== 'failed';
    await sessions.noteChannel(sessionId, number, {
      set: { unverifiedSinceMs: nowMs, ...(wasServed && { wasServed }) },
    });
  }
  const order = lookOrder(
    { chat: number, reason, ...(taskSid !== undefined && { taskSid }) },
    nowMs,
  );
  await mailbox.send({ sessionId, ...order }, `look ${number} ${reason} ${taskSid} ${nowMs}`);
  return 'unverified';
}
