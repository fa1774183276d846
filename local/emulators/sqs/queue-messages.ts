import type { Clock } from '#local/clock';
import type { MessageAttributes } from './message-attributes.ts';
import type { QueueMessage } from './queue-store.ts';

export interface NewMessage {
  readonly body: string;
  /** This and the next for FIFO queues. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** For standard queues. @default that of the queue */
  readonly delayMs?: number;
  readonly attributes: MessageAttributes;
}

export type ReceivedMessage = QueueMessage & { readonly receiptHandle: string };

/** The messages of one queue in the order of sending: which can be received now, and when that changes. */
export class QueueMessages {
  readonly #clock: Clock;
  readonly #retentionMs: number;
  readonly #messages: Map<string, QueueMessage>;
  readonly #listeners = new Set<() => void>();
  #cancelWake = () => {};
  #isAnnounced = false;

  constructor(messages: readonly QueueMessage[], clock: Clock, retentionMs: number) {
    this.#messages = new Map(messages.map((message) => [message.messageId, message]));
    this.#clock = clock;
    this.#retentionMs = retentionMs;
    this.wakeForNext();
  }

  /** Messages that are neither in flight nor held back; some may be blocked by their group. */
  get waiting(): QueueMessage[] {
    return this.all().filter((message) => !this.isHidden(message));
  }

  get inFlight(): QueueMessage[] {
    return this.#hidden().filter(({ delivery }) => delivery !== undefined);
  }

  /** Messages that were sent with a delay that is not over. */
  get delayed(): QueueMessage[] {
    return this.#hidden().filter(({ delivery }) => delivery === undefined);
  }

  get(messageId: string): QueueMessage | undefined {
    return this.#messages.get(messageId);
  }

  /** Adds a message, or takes its new state. */
  set(message: QueueMessage): void {
    this.#messages.set(message.messageId, message);
    this.#changed();
  }

  remove(messageIds: readonly string[]): void {
    for (const messageId of messageIds) this.#messages.delete(messageId);
    this.#changed();
  }

  /** Without those whose retention is over. */
  all(): QueueMessage[] {
    const oldestMs = this.#clock.now() - this.#retentionMs;
    for (const { messageId, sentAtMs } of this.#messages.values()) {
      if (sentAtMs <= oldestMs) this.#messages.delete(messageId);
    }
    return [...this.#messages.values()];
  }

  /** As many as possible of the group that waited longest, then of the next. */
  receivable(skipsGroup: (groupId: string) => boolean = () => false): QueueMessage[] {
    const blocked = new Set(this.#hidden().map(({ groupId }) => groupId));
    const free = this.all().filter(({ groupId }) => !blocked.has(groupId) && !skipsGroup(groupId));
    return [...Map.groupBy(free, ({ groupId }) => groupId).values()].flat();
  }

  /** Whether a message is in flight or held back. */
  isHidden({ hiddenUntilMs }: QueueMessage): boolean {
    return hiddenUntilMs > this.#clock.now();
  }

  /**
   * Calls back, soon after, whenever a receive may find something or the queue got emptier.
   * @returns ends it.
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Announces the moment at which a hidden message appears again; to be called when that may have moved. */
  wakeForNext(): void {
    this.#cancelWake();
    const nextMs = this.#hidden().reduce(
      (earliest, { hiddenUntilMs }) => Math.min(earliest, hiddenUntilMs),
      Number.POSITIVE_INFINITY,
    );
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#cancelWake = this.#clock.after(Math.max(0, nextMs - this.#clock.now()), () => {
      this.wakeForNext();
      this.#announce();
    });
  }

  /** Stops the timer and calls nobody back any more. */
  close(): void {
    this.#cancelWake();
    this.#listeners.clear();
  }

  /** In flight, or held back. */
  #hidden(): QueueMessage[] {
    return this.all().filter((message) => this.isHidden(message));
  }

  /** Announces all changes that are made in one go at once, so that they are received together. */
  #changed(): void {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    queueMicrotask(() => this.#announce());
  }

  #announce(): void {
    this.#isAnnounced = false;
    for (const listener of [...this.#listeners]) listener();
  }
}
