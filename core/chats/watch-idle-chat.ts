import { publish } from '#core/connections/publish';
import type { FlexChannels, FlexMessages } from '#core/flex';
import { type ChatTimer, type ChatTimers, MAX_TIMER_DELAY_MS } from '#core/ports';
import { type ChatRef, chatRef, type SessionRecord } from '#core/session';
import type { EndPorts } from './end-chat.ts';
import { endChatInFlex } from './end-chat-in-flex.ts';

/** How long before the end its customer is warned: no longer than half of the silence. */
const WARNING_MS = 120_000;

export interface IdlePolicy {
  /** After how long a silence of both sides a chat is ended. */
  readonly idleMs: number;
}

export interface WatchPorts extends EndPorts {
  readonly timers: ChatTimers;
  readonly flex: Pick<FlexChannels, 'endChannel'> & Pick<FlexMessages, 'lastWordAtMs'>;
}

/** `over`: nothing to watch any more. `stale`: another wake-up has taken this one's place. */
export type Watched = 'over' | 'stale' | 'waiting' | 'warned' | 'ended';

/**
 * Sets the first wake-up of a chat that is about to be opened. Call it before the chat is stored as
 * open: after a crash in between, a wake-up without a chat does nothing, but nothing would ever
 * end an idle chat without a wake-up.
 */
export async function beginIdleWatch(
  timers: ChatTimers,
  { idleMs }: IdlePolicy,
  { sessionId, number }: ChatRef,
  nowMs: number,
): Promise<void> {
  const { atMs, delayMs } = wakeAt(nowMs + idleMs - warningMs(idleMs), nowMs);
  await timers.set({ sessionId, chat: number, atMs }, delayMs);
}

/**
 * Looks at a chat when its wake-up comes: warns its customer, ends it, or sets the next wake-up.
 *
 * A wake-up may come twice, and an invocation may die after it has set the next one. So each
 * invocation first sets the next wake-up and then stores with the session that this one counts:
 * a chat always has a wake-up, and if it has several, all but one are stale.
 *
 * @throws ChatError of the back end: the wake-up has to come again.
 */
export async function watchIdleChat(
  ports: WatchPorts,
  policy: IdlePolicy,
  timer: ChatTimer,
  nowMs: number,
): Promise<Watched> {
  const { sessionId, chat: number, warned } = timer;
  const record = await ports.sessions.find(sessionId, nowMs);
  const chat = record?.session.chat;
  if (record === undefined || chat?.state !== 'open' || chat.number !== number) return 'over';
  if (record.wake?.chat === number && record.wake.atMs !== timer.atMs) return 'stale';

  const { idleMs } = policy;
  const leadMs = warningMs(idleMs);
  const sinceMs = await silentSinceMs(ports, policy, record, nowMs);
  const warnAtMs = sinceMs + idleMs - leadMs;
  if (nowMs < warnAtMs) return goOn(ports, timer, { dueMs: warnAtMs }, nowMs);

  if (warned?.sinceMs !== sinceMs) {
    const endsAtMs = Math.max(sinceMs + idleMs, nowMs + leadMs);
    const endsAt = new Date(endsAtMs).toISOString();
    await publish(ports, record, { type: 'idle', chat: number, endsAt }, nowMs);
    await goOn(ports, timer, { dueMs: endsAtMs, warned: { sinceMs, endsAtMs } }, nowMs);
    return 'warned';
  }
  if (nowMs < warned.endsAtMs) {
    return goOn(ports, timer, { dueMs: warned.endsAtMs, warned }, nowMs);
  }
  await endChatInFlex(ports, record, chat, 'system', nowMs);
  return 'ended';
}

const warningMs = (idleMs: number): number => Math.min(WARNING_MS, idleMs / 2);

/** Asks Flex only when the customer has been silent for long enough. */
async function silentSinceMs(
  { flex }: WatchPorts,
  { idleMs }: IdlePolicy,
  { session, lastMessageAtMs = 0 }: SessionRecord,
  nowMs: number,
): Promise<number> {
  if (nowMs < lastMessageAtMs + idleMs - warningMs(idleMs)) return lastMessageAtMs;
  return Math.max(lastMessageAtMs, (await flex.lastWordAtMs(chatRef(session))) ?? 0);
}

async function goOn(
  { timers, sessions }: WatchPorts,
  { sessionId, chat, atMs: fromMs }: ChatTimer,
  { dueMs, warned }: { readonly dueMs: number; readonly warned?: ChatTimer['warned'] },
  nowMs: number,
): Promise<'waiting'> {
  const { atMs, delayMs } = wakeAt(dueMs, nowMs);
  await timers.set({ sessionId, chat, atMs, ...(warned && { warned }) }, delayMs);
  await sessions.moveWake(sessionId, fromMs, { chat, atMs });
  return 'waiting';
}

/** In whole milliseconds: the time tells one wake-up from another. */
function wakeAt(dueMs: number, nowMs: number): { atMs: number; delayMs: number } {
  const delayMs = Math.min(MAX_TIMER_DELAY_MS, Math.ceil(dueMs - nowMs));
  return { atMs: nowMs + delayMs, delayMs };
}
