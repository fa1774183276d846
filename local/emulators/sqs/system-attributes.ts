import type { ReceivedMessage } from './fifo-queue.ts';

/** Stands for the principal that sent the message, which the queue is not told. */
const SENDER_ID = 'AROALOCALSENDER:local';

/**
 * What SQS adds to a received message; all values are strings.
 * Source: SQS API reference, ReceiveMessage.
 */
export function systemAttributes(message: ReceivedMessage): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    SequenceNumber: message.sequenceNumber,
    MessageGroupId: message.groupId,
    SenderId: SENDER_ID,
    MessageDeduplicationId: message.deduplicationId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    ...(message.deadLetterSource !== undefined && {
      DeadLetterQueueSourceArn: message.deadLetterSource,
    }),
  };
}
