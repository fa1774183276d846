import { deliverMessage, rejectMessage } from './deliver-message.ts';
import { endChatByCustomer } from './end-chat-by-customer.ts';
import { markRead } from './mark-read.ts';
import type { OpenChatPorts } from './open-chat.ts';
import type { Letter } from './ports.ts';

/** What became of a letter, for the metrics. */
export type LetterOutcome = 'posted' | 'found' | 'rejected' | 'done';

/**
 * Brings one letter to Flex. Letters of one session come one at a time, in order.
 * @throws ChatError retryable ones: the letter has to come again.
 */
export async function deliverLetter(
  ports: OpenChatPorts,
  letter: Letter,
  nowMs: number,
): Promise<LetterOutcome> {
  switch (letter.kind) {
    case 'message':
      return deliverMessage(ports, letter, nowMs);
    case 'read':
      await markRead(ports, letter, nowMs);
      return 'done';
    case 'end':
      await endChatByCustomer(ports, letter, nowMs);
      return 'done';
  }
}

/** Tells the customer that a letter failed on its last attempt. */
export async function giveUpLetter(
  ports: OpenChatPorts,
  letter: Letter,
  nowMs: number,
): Promise<void> {
  if (letter.kind === 'message') await rejectMessage(ports, letter, 'undeliverable', nowMs);
}
