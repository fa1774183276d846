import { ChatError } from '#core/errors';
import type { FlexBackend } from '#core/flex';
import type { SessionId } from '#core/ids';
import type { SessionStore } from '#core/ports';
import type { RateLimiter } from '#core/rate-limiter';
import { chatRef } from '#core/session';
import type { SharedRate } from '#core/shared-rate';

export interface ShowTypingPorts {
  readonly sessions: SessionStore;
  readonly flex: FlexBackend;
  /** Counts by session; asked first, as it costs nothing. */
  readonly typing: RateLimiter;
  readonly sharedTyping: SharedRate;
}

/**
 * Shows agents that the customer is writing: straight to Flex, past the queue. A sign that can't be
 * shown now, or is one too many, is dropped without a word: it would be stale before a second try.
 *
 * @throws ChatError `NOT_SUPPORTED` where nobody would see it.
 */
export async function showTyping(
  { sessions, flex: { signals }, typing, sharedTyping }: ShowTypingPorts,
  {
    sessionId,
    chat,
    index,
    nowMs,
  }: { sessionId: SessionId; chat?: number; index?: number; nowMs: number },
): Promise<void> {
  if (signals === undefined) throw new ChatError('NOT_SUPPORTED', 'no plugin shows typing');
  if (typing.admit(sessionId, nowMs) !== 'admitted') return;
  try {
    const record = await sessions.find(sessionId, nowMs);
    const current = record?.session.chat;
    if (record === undefined || current?.state !== 'open') return;
    if (chat !== undefined && chat !== current.number) return;
    if (!(await sharedTyping.admit(sessionId, nowMs))) return;
    const signal = { atMs: nowMs, ...(index !== undefined && { seenIndex: index }) };
    await signals.showTyping(current.channel, chatRef(record.session), signal);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
  }
}
