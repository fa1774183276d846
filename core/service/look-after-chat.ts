import type { Letter, LookOrder } from '#core/ports';
import { SETTLE_MS } from './judge-service.ts';
import { type ServePorts, type ServicePolicy, serveOrEnd } from './serve-or-end.ts';

/** A letter that has somebody look whether the chat is still served. */
export function lookOrder(about: Omit<LookOrder, 'kind' | 'sureFromMs'>, nowMs: number): LookOrder {
  return { kind: 'look', ...about, sureFromMs: nowMs + SETTLE_MS };
}

/**
 * Looks whether the session's chat is still served, as a letter asks. Safe to repeat; of a chat
 * that is not open, or not this one any more, nothing is asked.
 *
 * @throws ChatError as `serveOrEnd`.
 */
export async function lookAfterChat(
  ports: ServePorts,
  policy: ServicePolicy,
  letter: Extract<Letter, { kind: 'look' }>,
  nowMs: number,
): Promise<void> {
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  const chat = record?.session.chat;
  if (record === undefined || chat?.state !== 'open' || chat.number !== letter.chat) return;
  await serveOrEnd(ports, policy, record, chat, letter, nowMs);
}
