/** A dead-lettered letter, as it may be shown: without what anybody wrote. */
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
  readonly deadLetteredAtMs: number;
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
    deadLetteredAtMs: timeIn(Attributes.SentTimestamp, nowMs),
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 0),
  };
  try {
    return { ...known, ...summary(parseLetter(Body), nowMs) };
  } catch (error) {
    // Whatever is wrong with one letter, the others are shown, and it can be put back or deleted.
    const note = error instanceof ChatError ? error.message : 'letter: it can not be read';
    return { ...known, kind: 'unreadable', note };
  }
}

function summary(
  letter: Letter,
  nowMs: number,
): Pick<DeadLetter, 'kind' | 'messageId' | 'sentAtMs' | 'note'> {
  switch (letter.kind) {
    case 'message':
    case 'file': {
      const { kind, acceptedAtMs: sentAtMs } = letter;
      const messageId = shortened(letter.id);
      if (!isTime(sentAtMs)) return { kind, messageId, note: 'the time it was sent is no time' };
      const isOld = nowMs - sentAtMs > DAY_MS;
      // An expired session is forgotten sooner or later; its message then begins another one.
      const note =
        kind === 'file'
          ? 'its file is gone after a day'
          : 'may open a chat that the customer has left';
      return { kind, messageId, sentAtMs, ...(isOld && { note }) };
    }
    case 'read':
      return { kind: letter.kind };
    case 'look':
      return { kind: letter.kind, note: `looks who serves chat ${letter.chat}` };
    case 'end':
      return { kind: letter.kind, note: `ends chat ${letter.chat} if it is open` };
  }
}

/** Longer than any id that a client may give. */
const MOST_SHOWN = 80;

const shortened = (id: string): string =>
  id.length > MOST_SHOWN ? `${id.slice(0, MOST_SHOWN)}…` : id;

/** What a date can hold and a person can read. */
const isTime = (ms: number): boolean => ms >= 0 && ms < Date.parse('9999-12-31');

/** SQS gives the time of every letter; an unreadable one counts as dead-lettered just now. */
function timeIn(text: string | undefined, nowMs: number): number {
  const ms = Number(text);
  return isTime(ms) ? ms : nowMs;
}

/** Since it was sent or, where that is not known, dead-lettered. */
export function ageMs({ sentAtMs, deadLetteredAtMs }: DeadLetter, nowMs: number): number {
  return Math.max(0, nowMs - (sentAtMs ?? deadLetteredAtMs));
}
