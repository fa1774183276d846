import { checkMessageFinally, deliverMessage } from './deliver-message.ts';
import { endChatByCustomer } from './end-chat-by-customer.ts';
import { ChatError } from './errors.ts';
import { lookAfterChat } from './look-after-chat.ts';
import { markRead } from './mark-read.ts';
import type { OpenChatPorts } from './open-chat.ts';
import type { Letter } from './ports.ts';

/** What became of a letter, for the metrics. `refused`: Flex says no for good, and no message waits for it. */
export type LetterOutcome = 'posted' | 'found' | 'rejected' | 'done' | 'refused';

export interface DeliverPorts extends OpenChatPorts {
  /** Told why Flex refuses a letter for good that no customer is told about. */
  readonly refused: (error: ChatError) => void;
}

/**
 * Brings one letter to Flex. Letters of one session come one at a time, in order.
 * @param isAgain the mailbox has delivered this letter before.
 * @throws ChatError retryable ones: the letter has to come again.
 */
export async function deliverLetter(
  ports: DeliverPorts,
  letter: Letter,
  nowMs: number,
  { isAgain = false } = {},
): Promise<LetterOutcome> {
  switch (letter.kind) {
    case 'message':
      return deliverMessage(ports, letter, nowMs, { isAgain });
    case 'read':
      return doneOrRefused(ports, markRead(ports, letter, nowMs));
    case 'end':
      return doneOrRefused(ports, endChatByCustomer(ports, letter, nowMs));
    case 'look':
      return doneOrRefused(ports, lookAfterChat(ports, letter, nowMs));
  }
}

/** What can't be read stays a failure: another version of the project may read it. */
async function doneOrRefused(
  { refused }: DeliverPorts,
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

/**
 * Finds out what became of a letter that was tried too often, without a further try.
 * @returns whether it is done with. If a message is not in Flex, its customer has been told.
 */
export async function checkFinally(
  ports: OpenChatPorts,
  letter: Letter,
  nowMs: number,
): Promise<boolean> {
  // Whoever next hears of the chat looks again.
  if (letter.kind === 'look') return true;
  return letter.kind === 'message' && checkMessageFinally(ports, letter, nowMs);
}
