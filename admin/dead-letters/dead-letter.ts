/** A letter that was set aside, as it may be shown: without what anybody wrote. */
import type { Message } from '@aws-sdk/client-sqs';
import { parseLetter } from '#adapters/aws/sqs-flex-mailbox';
import { ChatError } from '#core/errors';
import type { Letter } from '#core/ports';

const DAY_MS = 24 * 60 * 60_000;

export interface DeadLetter {
  /** SQS's id of the record; `messageId` in the log of `deliver-to-flex`. */
  readonly recordId: string;
  readonly sessionId: string;
  readonly kind: Letter['kind'] | 'unreadable';
  /** The client's id of a message, which the customer was told about. */
  readonly messageId?: string;
  /** When the customer was told `accepted`; known of messages only. */
  readonly sentAtMs?: number;
  /** A FIFO queue counts a dead letter's time from here. Source: SQS developer guide, "Dead-letter queues". */
  readonly setAsideAtMs: number;
  /** Deliveries and listings, this one included. */
  readonly receiveCount: number;
  /** What should be known before it is put back. */
  readonly note?: string;
}

/** @param nowMs decides what counts as old. */
export function toDeadLetter(message: Message, nowMs: number): DeadLetter {
  const { MessageId = '', Body = '', Attributes = {} } = message;
  const known = {
    recordId: MessageId,
    sessionId: Attributes.MessageGroupId ?? '',
    setAsideAtMs: Number(Attributes.SentTimestamp),
    receiveCount: Number(Attributes.ApproximateReceiveCount),
  };
  try {
    return { ...known, ...summary(parseLetter(Body), nowMs) };
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return { ...known, kind: 'unreadable', note: error.message };
  }
}

function summary(
  letter: Letter,
  nowMs: number,
): Pick<DeadLetter, 'kind' | 'messageId' | 'sentAtMs' | 'note'> {
  switch (letter.kind) {
    case 'message': {
      const { kind, id: messageId, acceptedAtMs: sentAtMs } = letter;
      const isOld = nowMs - sentAtMs > DAY_MS;
      // An expired session is forgotten sooner or later; its message then begins another one.
      const note = 'may open a chat that the customer has left';
      return { kind, messageId, sentAtMs, ...(isOld && { note }) };
    }
    case 'read':
      return { kind: letter.kind };
    case 'end':
      return { kind: letter.kind, note: `ends chat ${letter.chat} if it is open` };
  }
}

/** Since it was sent or, where that is not known, set aside. */
export function ageMs({ sentAtMs, setAsideAtMs }: DeadLetter, nowMs: number): number {
  return Math.max(0, nowMs - (sentAtMs ?? setAsideAtMs));
}
