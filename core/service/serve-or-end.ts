import { type EndPorts, endChat } from '#core/chats/end-chat';
import { endChatInFlex } from '#core/chats/end-chat-in-flex';
import { ChatError } from '#core/errors';
import type { FlexBackend, Service } from '#core/flex';
import type { LookOrder } from '#core/ports';
import { chatRef, type SessionRecord, type StartedChat } from '#core/session';
import { judgeService, SETTLE_MS } from './judge-service.ts';

/** What to do with a chat that nobody serves any more. */
export interface ServicePolicy {
  readonly whenNobodyServes: 'end' | 'reroute';
  /** How often a chat is routed again before it is ended. */
  readonly rerouteAttempts: number;
}

export interface ServePorts extends EndPorts {
  readonly flex: FlexBackend;
}

/**
 * `open`: the chat goes on. `paused`: it goes on, and the customer's next message brings another
 * task.
 */
export type Served = 'open' | 'paused' | 'rerouted' | 'ended';

/**
 * Asks Flex who serves an open chat. If nobody does, routes the chat again, or ends it here and in
 * Flex and tells the customer. Call it for one session at a time, as the mailbox does.
 *
 * Safe to repeat: each rerouting is counted before Flex is asked for it, and the next look finds the
 * task that an earlier attempt made.
 *
 * @throws ChatError `UNSETTLED` when nobody seems to serve the chat, but Flex may still be changing
 * it; retryable ones of the back end.
 */
export async function serveOrEnd(
  ports: ServePorts,
  policy: ServicePolicy,
  record: SessionRecord,
  chat: StartedChat,
  order: Pick<LookOrder, 'reason' | 'taskSid' | 'sureFromMs'>,
  nowMs: number,
): Promise<Served> {
  const { flex } = ports;
  const service = await flex.service(chat.channel);
  const { awaitsTask } = flex;
  switch (judgeService(service, { chat, order, awaitsTask, nowMs })) {
    case 'ended': {
      const by = service.kind === 'gone' ? 'system' : 'agent';
      await endChat(ports, record, chat, { by, atMs: nowMs }, nowMs);
      return 'ended';
    }
    case 'served':
      await noteTask(ports, record, chat, service, nowMs);
      return 'open';
    case 'paused':
      await notePause(ports, record, chat);
      return 'paused';
    case 'unsure':
      await markVerified(ports, record, chat);
      return 'open';
    case 'nobody':
      if (nowMs < order.sureFromMs) throw unsettled(chat, order.sureFromMs - nowMs);
      return rerouteOrEnd(ports, policy, record, chat, nowMs);
  }
}

function unsettled({ number }: StartedChat, retryAfterMs: number): ChatError {
  return new ChatError('UNSETTLED', `nobody seems to serve chat ${number}`, { retryAfterMs });
}

async function noteTask(
  { sessions }: ServePorts,
  { session }: SessionRecord,
  { number }: StartedChat,
  service: Service,
  nowMs: number,
): Promise<void> {
  if (service.kind !== 'task') return;
  await sessions.noteChannel(session.id, number, {
    set: { taskSid: service.taskSid, wasServed: true, servedAtMs: nowMs },
    remove: ['awaitedSinceMs', 'unverifiedSinceMs', 'isPaused', 'isRerouting'],
  });
}

async function markVerified(
  { sessions }: ServePorts,
  { session }: SessionRecord,
  { number, channel }: StartedChat,
): Promise<void> {
  if (channel.unverifiedSinceMs === undefined) return;
  await sessions.noteChannel(session.id, number, { remove: ['unverifiedSinceMs'] });
}

/**
 * The task is over. The customer's next message makes another one, whose SID we do not know yet.
 */
async function notePause(
  { sessions }: ServePorts,
  { session }: SessionRecord,
  { number, channel }: StartedChat,
): Promise<void> {
  if (channel.isPaused && channel.unverifiedSinceMs === undefined) return;
  await sessions.noteChannel(session.id, number, {
    set: { isPaused: true, wasServed: true },
    remove: ['taskSid', 'servedAtMs', 'unverifiedSinceMs'],
  });
}

async function rerouteOrEnd(
  ports: ServePorts,
  { whenNobodyServes, rerouteAttempts }: ServicePolicy,
  record: SessionRecord,
  chat: StartedChat,
  nowMs: number,
): Promise<Served> {
  const { reroutes = 0, channel, number } = chat;
  const { id } = record.session;
  // A rerouting that got no answer is tried again, and counts once.
  const isUnderWay = channel.isRerouting === true;
  const mayReroute = isUnderWay || reroutes < rerouteAttempts;
  if (whenNobodyServes === 'end' || !mayReroute) return end(ports, record, chat, nowMs);
  if (!isUnderWay) {
    const note = { reroutesFrom: reroutes, set: { isRerouting: true } } as const;
    // Another look has rerouted the chat meanwhile, or it has ended.
    if (!(await ports.sessions.noteChannel(id, number, note))) return 'open';
  }
  try {
    const routed = await ports.flex.rerouteChannel(
      channel,
      chatRef(record.session),
      record.profile,
    );
    const {
      sid: _,
      servedAtMs: _served,
      unverifiedSinceMs: _unverified,
      isPaused: _paused,
      isRerouting: _rerouting,
      ...known
    } = routed;
    await ports.sessions.noteChannel(id, number, {
      set: { ...known, awaitedSinceMs: nowMs },
      remove: [
        'servedAtMs',
        'unverifiedSinceMs',
        'isPaused',
        'isRerouting',
        ...(routed.taskSid === undefined ? (['taskSid'] as const) : []),
      ],
    });
    return 'rerouted';
  } catch (error) {
    // If the routing is configured wrongly, no further attempt helps, and the customer must not
    // wait for an operator.
    const isFinal =
      error instanceof ChatError && (!error.retryable || error.code === 'MISCONFIGURED');
    if (!isFinal) throw settlingFirst(error);
    return end(ports, record, chat, nowMs);
  }
}

/**
 * If the call got no answer, Flex may show the new task only later; an earlier look would make a
 * second one.
 */
function settlingFirst(error: unknown): unknown {
  if (!(error instanceof ChatError)) return error;
  const { code, message, retryAfterMs = 0 } = error;
  const options = { cause: error, retryAfterMs: Math.max(retryAfterMs, SETTLE_MS) };
  return new ChatError(code, message, options);
}

async function end(
  ports: ServePorts,
  record: SessionRecord,
  chat: StartedChat,
  nowMs: number,
): Promise<'ended'> {
  await endChatInFlex(ports, record, chat, 'system', nowMs);
  return 'ended';
}
