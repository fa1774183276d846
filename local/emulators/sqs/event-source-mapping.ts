import type { FunctionRunner } from '../aws/aws-service.ts';
import type { MappingSettings } from './mapping-settings.ts';
import type { ReceivedMessage } from './queue-messages.ts';
import { SqsError } from './sqs-error.ts';
import { failedMessages, sqsEvent } from './sqs-event.ts';

/** A batch of which not every message was worked through. */
export interface BatchFailure {
  readonly functionArn: string;
  /** They come again when their visibility timeout is over. */
  readonly messageIds: readonly string[];
  /** What the invocation threw; absent when the function named the failures itself. */
  readonly error?: unknown;
}

export interface MappingOptions {
  readonly onFailure?: (failure: BatchFailure) => void;
  /** Test only: what failed comes again after this long, unless its hiding ends before. */
  readonly redeliveryMs?: number | undefined;
}

/**
 * Feeds a queue to a function: never two batches with messages of one group at a time, and as
 * many batches side by side as the settings allow. Woken by the queue, it does not poll.
 *
 * Source: Lambda developer guide, "Using Lambda with Amazon SQS", FIFO queues.
 */
export class EventSourceMapping {
  readonly settings: MappingSettings;
  readonly #functions: FunctionRunner;
  readonly #onFailure: (failure: BatchFailure) => void;
  readonly #redeliveryMs: number | undefined;
  readonly #running = new Set<Promise<void>>();
  readonly #busyGroups = new Set<string>();
  readonly #unsubscribe: () => void;
  #idleWaiters: (() => void)[] = [];
  #repeats = 0;
  #closed = false;

  constructor(
    settings: MappingSettings,
    functions: FunctionRunner,
    { onFailure = () => {}, redeliveryMs }: MappingOptions = {},
  ) {
    this.settings = settings;
    this.#functions = functions;
    this.#onFailure = onFailure;
    this.#redeliveryMs = redeliveryMs;
    this.#unsubscribe = settings.queue.onChange(() => this.#fill());
    // The functions of an earlier run have ended with its process: nobody needs to wait for them.
    settings.queue.releaseAll();
    this.#fill();
  }

  /** Batches that a function is working on. */
  get inProgress(): number {
    return this.#running.size;
  }

  /** Whether no batch is running and none could start; messages that failed may still be hidden. */
  get isIdle(): boolean {
    return this.#running.size === 0 && (this.#closed || !this.settings.queue.hasReceivable());
  }

  /** Resolves once idle. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /**
   * Delivers the next messages twice, as when Lambda loses the deletion after a success:
   * they come again at once, before what follows in their group.
   */
  deliverTwice(count = 1): void {
    this.#repeats += count;
  }

  /** Takes no further messages and waits for the running batches. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    await Promise.all(this.#running);
    this.#settle();
  }

  #fill(): void {
    while (!this.#closed && this.#running.size < this.settings.maximumConcurrency) {
      const batch = this.settings.queue.receive({
        max: this.settings.batchSize,
        skipsGroup: (groupId) => this.#busyGroups.has(groupId),
      });
      if (batch.length === 0) break;
      this.#start(batch);
    }
    this.#settle();
  }

  #start(batch: readonly ReceivedMessage[]): void {
    const groups = new Set(batch.map(({ groupId }) => groupId));
    for (const group of groups) this.#busyGroups.add(group);
    const run = this.#process(batch).finally(() => {
      for (const group of groups) this.#busyGroups.delete(group);
      this.#running.delete(run);
      this.#fill();
    });
    this.#running.add(run);
  }

  async #process(batch: readonly ReceivedMessage[]): Promise<void> {
    const failed = await this.#invoke(batch);
    for (const message of batch) {
      if (!failed.has(message.messageId)) this.#acknowledge(message);
      else if (this.#redeliveryMs !== undefined) {
        this.settings.queue.shortenVisibility(message.receiptHandle, this.#redeliveryMs);
      }
    }
  }

  /** @returns ids of the messages that have to come again. */
  async #invoke(batch: readonly ReceivedMessage[]): Promise<ReadonlySet<string>> {
    const { functionArn, queue, reportsFailures } = this.settings;
    try {
      const event = sqsEvent(batch, queue.settings.arn);
      const response = await this.#functions.invoke(functionArn, event);
      const failed = reportsFailures ? failedMessages(response, batch) : new Set<string>();
      if (failed.size > 0) this.#onFailure({ functionArn, messageIds: [...failed] });
      return failed;
    } catch (error) {
      const messageIds = batch.map(({ messageId }) => messageId);
      this.#onFailure({ functionArn, messageIds, error });
      return new Set(messageIds);
    }
  }

  #acknowledge({ receiptHandle }: ReceivedMessage): void {
    const repeats = this.#repeats > 0;
    if (repeats) this.#repeats -= 1;
    try {
      if (repeats) this.settings.queue.changeVisibility(receiptHandle, 0);
      else this.settings.queue.delete(receiptHandle);
    } catch (error) {
      // The function took longer than the message was hidden, or made it visible: it comes again.
      if (!(error instanceof SqsError)) throw error;
    }
  }

  #settle(): void {
    if (!this.isIdle) return;
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }
}
