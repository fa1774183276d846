import type { Letter, LookOrder } from '#core/ports';
import { SETTLE_MS } from './judge-service.ts';
import { type ServePorts, type ServicePolicy, serveOrEnd } from './serve-or-end.ts';

/** A letter that makes the worker look whether somebody serves the chat. */
export function lookOrder(about: Omit<LookOrder, 'kind' | 'sureFromMs'>, nowMs: number): LookOrder {
  return { kind: 'look', ...about, sureFromMs: nowMs + SETTLE_MS };
}

/**
 * Looks whether somebody serves the chat that a letter names. Safe to repeat. Does nothing if that
 * chat is not open any more.
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
