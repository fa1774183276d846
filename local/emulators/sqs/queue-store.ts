/** What a queue has to remember, as plain JSON, and where it is kept. */
import type { MessageAttributes } from './message-attributes.ts';

export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly groupId: string;
  readonly deduplicationId: string;
  /** 20 digits, rising. */
  readonly sequenceNumber: string;
  readonly sentAtMs: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMs?: number;
  /** The delivery that holds the message, or held it last. */
  readonly delivery?: { readonly nonce: string; readonly atMs: number };
  /** In flight until then. */
  readonly hiddenUntilMs: number;
  /** ARN of the queue that gave the message up. */
  readonly deadLetterSource?: string;
}

/** A sent message, for as long as its deduplication id is remembered. */
export interface SentId {
  readonly key: string;
  readonly messageId: string;
  readonly sequenceNumber: string;
  readonly sentAtMs: number;
}

export interface QueueState {
  readonly sent: number;
  /** In the order of sending. */
  readonly messages: readonly QueueMessage[];
  readonly sentIds: readonly SentId[];
}

export interface QueueStore {
  /** @returns undefined for a queue that was never saved. */
  load(queueName: string): QueueState | undefined;
  /** Called after each change; the store decides when to take the state. */
  save(queueName: string, state: () => QueueState): void;
}

/** Outlives the queues that use it, not the process. */
export class MemoryQueueStore implements QueueStore {
  readonly #states = new Map<string, () => QueueState>();

  load(queueName: string): QueueState | undefined {
    return this.#states.get(queueName)?.();
  }

  save(queueName: string, state: () => QueueState): void {
    this.#states.set(queueName, state);
  }
}
