import type { Letter, PostLetter } from '#core/ports';
import { rejectMessage } from './reject-message.ts';
import { type LookUpPorts, wasPosted } from './was-posted.ts';

/**
 * Finds out what became of a letter that was tried too often, without trying it again.
 *
 * @returns whether the letter is done. If its message is not in Flex the customer has been told,
 * and the queue dead-letters it.
 */
export async function checkFinally(
  ports: LookUpPorts,
  letter: Letter,
  nowMs: number,
): Promise<boolean> {
  // The next signal, message or `hello` of the chat orders another look.
  if (letter.kind === 'look') return true;
  const isPost = letter.kind === 'message' || letter.kind === 'file';
  return isPost && checkMessage(ports, letter, nowMs);
}

/** The last try may have arrived without an answer. While Flex can't be asked, it counts as lost. */
async function checkMessage(
  ports: LookUpPorts,
  letter: PostLetter,
  nowMs: number,
): Promise<boolean> {
  const record = await ports.sessions.find(letter.sessionId, nowMs);
  if (record && (await wasPosted(ports, letter, record, nowMs).catch(() => false))) return true;
  await rejectMessage(ports, letter, 'undeliverable', nowMs);
  return false;
}
