import { endChatByCustomer } from '#core/chats/end-chat-by-customer';
import { ChatError } from '#core/errors';
import { markRead } from '#core/frames/mark-read';
import type { Letter } from '#core/ports';
import { lookAfterChat } from '#core/service/look-after-chat';
import type { DeliveryPolicy, DeliveryPorts } from './attempt-message.ts';
import { deliverFile } from './deliver-file.ts';
import { deliverMessage } from './deliver-message.ts';

/**
 * What became of a letter, for the metrics. `refused`: Flex refuses a letter for good that is no
 * message.
 */
export type LetterOutcome = 'posted' | 'found' | 'rejected' | 'done' | 'refused';

export interface LetterPorts extends DeliveryPorts {
  /** Is told why Flex refuses a letter for good, if no customer is. */
  readonly refused: (error: ChatError) => void;
}

/**
 * Brings one letter to Flex. Letters of one session come one at a time, in order.
 * @param isAgain the mailbox has delivered this letter before.
 * @throws ChatError retryable ones: the letter has to come again.
 */
export async function deliverLetter(
  ports: LetterPorts,
  policy: DeliveryPolicy,
  letter: Letter,
  nowMs: number,
  { isAgain = false } = {},
): Promise<LetterOutcome> {
  switch (letter.kind) {
    case 'message':
      return deliverMessage(ports, policy, letter, nowMs, { isAgain });
    case 'file':
      return deliverFile(ports, policy, letter, nowMs, { isAgain });
    // Earlier versions queued read marks.
    case 'read':
      return doneOrRefused(ports, markRead(ports, letter, nowMs));
    case 'end':
      return doneOrRefused(ports, endChatByCustomer(ports, letter, nowMs));
    case 'look':
      return doneOrRefused(ports, lookAfterChat(ports, policy, letter, nowMs));
  }
}

/**
 * An item that this version can't read stays a failure, and the letter comes again: a newer version
 * may read it.
 */
async function doneOrRefused(
  { refused }: LetterPorts,
  delivery: Promise<void>,
): Promise<'done' | 'refused'> {
  try {
    await delivery;
    return 'done';
  } catch (error) {
    const isFinal = error instanceof ChatError && !error.retryable;
    if (!isFinal || error.code === 'INVALID_INPUT') throw error;
    refused(error);
    return 'refused';
  }
}
