import type { FlexEvent, UnservedReason } from '#core/flex';
import type { FlexMailbox, SessionStore } from '#core/ports';
import { type Channel, type ChatRef, customerIdentity, type SessionRecord } from '#core/session';
import { lookOrder } from './look-after-chat.ts';

interface NotePorts {
  readonly sessions: SessionStore;
  readonly mailbox: FlexMailbox;
}

/**
 * Stores with the session's open chat what an event says about who serves it. An event that says
 * that nobody does may be late: it only marks the chat unverified, and a look finds out.
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
 * A flow has made a task; until somebody accepts it, no other event tells of it. This event may be
 * older than the task that we know, so it replaces none.
 */
async function noteTask(
  { sessions }: NotePorts,
  { sessionId, number }: ChatRef,
  known: Channel,
  { taskSid, interactionSid, interactionChannelSid }: Extract<FlexEvent, { kind: 'routed' }>,
  nowMs: number,
): Promise<void> {
  if (known.taskSid !== undefined) return;
  // A flow's interaction becomes known by this event alone.
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
    // After every other reason somebody must have served the chat before.
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
