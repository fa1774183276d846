import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { awsError } from './aws-errors.ts';
import { createSqsClient } from './sqs-client.ts';

/** SQS keeps nothing back for longer than 12 hours. */
const MAX_SECONDS = 43_200;

/** Hides received messages of a queue for a chosen time, after which they come again. */
export class SqsRetry {
  readonly #queueUrl: string;
  readonly #client: SQSClient;

  constructor(queueUrl: string, client = createSqsClient()) {
    this.#queueUrl = queueUrl;
    this.#client = client;
  }

  /**
   * @param receiptHandles at most 10, as many as a batch has.
   * @throws ChatError when that failed for a message: it comes again after the queue's own visibility timeout.
   */
  async retryAfter(receiptHandles: readonly string[], delayMs: number): Promise<void> {
    const seconds = Math.min(MAX_SECONDS, Math.ceil(delayMs / 1000));
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: this.#queueUrl,
      Entries: receiptHandles.map((handle, index) => ({
        Id: String(index),
        ReceiptHandle: handle,
        VisibilityTimeout: seconds,
      })),
    });
    try {
      const { Failed = [] } = await this.#client.send(command);
      if (Failed.length > 0) throw new Error(Failed[0]?.Code);
    } catch (error) {
      throw awsError('sqs ChangeMessageVisibilityBatch', error);
    }
  }
}
