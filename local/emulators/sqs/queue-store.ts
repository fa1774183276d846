/** What a queue has to remember, as plain JSON, and where it is kept. */
import type { MessageAttributes } from './message-attributes.ts';

export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** In a standard queue each message is a group of its own. */
  readonly groupId: string;
  readonly deduplicationId: string;
  /** 20 digits, rising; empty in a standard queue. */
  readonly sequenceNumber: string;
  readonly sentAtMs: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMs?: number;
  /** The delivery that holds the message, or held it last. */
  readonly delivery?: { readonly nonce: string; readonly atMs: number };
  /** In flight until then; before the first delivery, held back. */
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
  /** Sequence numbers given out. */
  readonly sent: number;
  /** In the order of sending. */
  readonly messages: readonly QueueMessage[];
  readonly sentIds: readonly SentId[];
}

/** One change of a queue. */
export type QueueChange =
  /** A message is new or another; `sentId` when it was just sent, `sent` as in the state. */
  | { readonly put: QueueMessage; readonly sent: number; readonly sentId?: SentId }
  /** Ids of messages that are gone. */
  | { readonly removed: readonly string[] };

export interface QueueStore {
  /** @returns undefined for a queue that was never saved. */
  load(queueName: string): QueueState | undefined;
  /** Called after each change; the store keeps the change or takes the whole state. */
  save(queueName: string, change: QueueChange, state: () => QueueState): void;
}

/** Outlives the queues that use it, not the process. */
export class MemoryQueueStore implements QueueStore {
  readonly #states = new Map<string, () => QueueState>();

  load(queueName: string): QueueState | undefined {
    return this.#states.get(queueName)?.();
  }

  save(queueName: string, _change: QueueChange, state: () => QueueState): void {
    this.#states.set(queueName, state);
  }
}
