import type { ReceivedMessage } from './queue-messages.ts';

/** Stands for the principal that sent the message, which the queue is not told. */
const SENDER_ID = 'AROALOCALSENDER:local';

/**
 * What SQS adds to a received message; all values are strings. Only FIFO queues number theirs.
 * Source: SQS API reference, ReceiveMessage.
 */
export function systemAttributes(message: ReceivedMessage): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    SenderId: SENDER_ID,
    ...(message.sequenceNumber !== '' && {
      SequenceNumber: message.sequenceNumber,
      MessageGroupId: message.groupId,
      MessageDeduplicationId: message.deduplicationId,
    }),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    ...(message.deadLetterSource !== undefined && {
      DeadLetterQueueSourceArn: message.deadLetterSource,
    }),
  };
}
