import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { createSqsClient } from '#adapters/aws/sqs-client';
import { CommandError } from '../command.ts';
import { explained } from '../failures/describe.ts';

/** The most that one receive gives, and one batch takes. */
const MAX_BATCH = 10;

/**
 * How long a received letter is hidden. A run that dies leaves its letters hidden that long; the
 * next run then still falls into the five minutes in which the queue drops a repeated send.
 */
const HIDDEN_SECONDS = 60;

export interface QueueUrls {
  readonly 'queue-url': string;
  readonly 'dead-letter-queue-url': string;
}

/** Whether a letter is still in the dead-letter queue after a visit. */
export type Verdict = 'stays' | 'gone';

/** The dead-lettered letters, and the queue that they came from. Both are FIFO queues. */
export class DeadLetterQueue {
  readonly #queueUrl: string;
  readonly #deadLetterUrl: string;
  readonly #client: SQSClient;

  constructor(urls: QueueUrls, client = createSqsClient()) {
    this.#queueUrl = urls['queue-url'];
    this.#deadLetterUrl = urls['dead-letter-queue-url'];
    this.#client = client;
  }

  /**
   * @returns about how many letters it holds.
   * @throws CommandError unless it is the dead-letter queue of the queue: a listing of any other
   *   would take letters from their way.
   */
  async count(): Promise<number> {
    const { RedrivePolicy = '{}' } = await this.#attributes(this.#queueUrl, ['RedrivePolicy']);
    const set = await this.#attributes(this.#deadLetterUrl, [
      'QueueArn',
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
    ]);
    if (JSON.parse(RedrivePolicy).deadLetterTargetArn !== set.QueueArn) {
      throw new CommandError(
        `${this.#deadLetterUrl} is not the dead-letter queue of ${this.#queueUrl}. Nothing was read.`,
      );
    }
    return (
      Number(set.ApproximateNumberOfMessages) + Number(set.ApproximateNumberOfMessagesNotVisible)
    );
  }

  /**
   * Visits each letter that can be received, once, in the order of its session. What stays is
   * hidden until the end, since it would come again and again otherwise, and is then released.
   *
   * While a letter is hidden, the queue gives no further one of its session than came with it.
   * So a sweep may miss the later letters of a session as long as the earlier ones stay.
   * Source: SQS developer guide, "FIFO queue delivery logic".
   *
   * @throws what a visit throws; no letter is visited after it.
   */
  async sweep(visit: (message: Message) => Promise<Verdict>): Promise<void> {
    const held = new Map<string, Message>();
    try {
      for (;;) {
        const batch = await this.#receive();
        const unseen = batch.filter(({ MessageId = '' }) => !held.has(MessageId));
        // A letter that comes a second time was hidden for too short; its newer receipt counts.
        for (const message of batch) held.set(message.MessageId ?? '', message);
        if (unseen.length === 0) return;
        for (const message of unseen) {
          if ((await visit(message)) === 'gone') held.delete(message.MessageId ?? '');
        }
      }
    } finally {
      await this.#release([...held.values()]);
    }
  }

  /**
   * Sends a letter again, and deletes it once it is durably there. The same letter sent twice
   * within five minutes is one letter.
   */
  async putBack(message: Message): Promise<void> {
    const id = message.MessageId ?? '';
    const command = new SendMessageCommand({
      QueueUrl: this.#queueUrl,
      MessageBody: message.Body,
      MessageGroupId: message.Attributes?.MessageGroupId,
      MessageDeduplicationId: `redrive-${id}`,
    });
    await explained(this.#queueUrl, () => this.#client.send(command));
    await this.delete(message).catch((cause: unknown) => {
      throw new CommandError(
        [
          `${id} was put back, but could not be deleted here. Run this again within 5 minutes, and it is not delivered twice.`,
          (cause as Error).message,
        ],
        { cause },
      );
    });
  }

  async delete({ ReceiptHandle }: Message): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl: this.#deadLetterUrl, ReceiptHandle });
    await explained(this.#deadLetterUrl, () => this.#client.send(command));
  }

  async #receive(): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#deadLetterUrl,
      MaxNumberOfMessages: MAX_BATCH,
      VisibilityTimeout: HIDDEN_SECONDS,
      // Without a wait SQS asks some of its servers only, and a full queue may seem empty.
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp', 'ApproximateReceiveCount'],
    });
    const { Messages = [] } = await explained(this.#deadLetterUrl, () =>
      this.#client.send(command),
    );
    return Messages;
  }

  /** What can't be released comes back by itself. */
  async #release(messages: readonly Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += MAX_BATCH) {
      const command = new ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.#deadLetterUrl,
        Entries: messages.slice(start, start + MAX_BATCH).map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout: 0,
        })),
      });
      await this.#client.send(command).catch(() => {});
    }
  }

  async #attributes(
    url: string,
    names: QueueAttributeName[],
  ): Promise<Partial<Record<QueueAttributeName, string>>> {
    const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names });
    const { Attributes = {} } = await explained(url, () => this.#client.send(command));
    return Attributes;
  }
}
