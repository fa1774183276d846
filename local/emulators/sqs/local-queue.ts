import type { Clock } from '#local/clock';
import { type RandomBytes, randomUuid } from '#local/random';
import { Deduplication } from './deduplication.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { QueueSettings } from './queue-settings.ts';
import type { QueueChange, QueueMessage, QueueState, QueueStore, SentId } from './queue-store.ts';
import { formatReceiptHandle, parseReceiptHandle } from './receipt-handle.ts';
import { invalidParameter } from './sqs-error.ts';

/** Source: SQS API reference, ChangeMessageVisibility. */
const MAX_HIDDEN_MS = 12 * 60 * 60_000;

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

export interface ReceiveOptions {
  readonly max: number;
  readonly visibilityTimeoutMs?: number;
  /** Leaves the messages of a group where they are. */
  readonly skipsGroup?: (groupId: string) => boolean;
}

export interface QueueSurroundings {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly store: QueueStore;
}

/**
 * One queue. A FIFO queue keeps strict order inside a group, and a group whose message is in flight
 * gives no further one; a receive may hand out several messages of one group. In a standard queue
 * each message stands alone, and may be held back for a while. That a standard queue may also change
 * the order or deliver twice is left to the tests that ask for it.
 *
 * The limits of 120,000 messages in flight and of calls a second are not emulated.
 * Source: SQS developer guide, "FIFO queue delivery logic".
 */
export class LocalQueue {
  readonly settings: QueueSettings;
  /** Takes what was received too often. */
  readonly deadLetters: LocalQueue | undefined;
  readonly #surroundings: QueueSurroundings;
  readonly #deduplication: Deduplication;
  /** In the order of sending. */
  readonly #messages: Map<string, QueueMessage>;
  readonly #listeners = new Set<() => void>();
  #sent: number;
  #cancelWake = () => {};
  #announced = false;

  constructor(settings: QueueSettings, surroundings: QueueSurroundings, deadLetters?: LocalQueue) {
    const state = surroundings.store.load(settings.name);
    this.settings = settings;
    this.deadLetters = deadLetters;
    this.#surroundings = surroundings;
    this.#deduplication = new Deduplication(settings.deduplicationScope, state?.sentIds);
    this.#messages = new Map(state?.messages.map((message) => [message.messageId, message]));
    this.#sent = state?.sent ?? 0;
    this.#wakeForNext();
  }

  /** Messages that are neither in flight nor held back, in order; some may be blocked by their group. */
  get waiting(): QueueMessage[] {
    return this.#all().filter((message) => !this.#isHidden(message));
  }

  get inFlight(): QueueMessage[] {
    return this.#hidden().filter(({ delivery }) => delivery !== undefined);
  }

  /** Messages that were sent with a delay that is not over. */
  get delayed(): QueueMessage[] {
    return this.#hidden().filter(({ delivery }) => delivery === undefined);
  }

  /** Stores the message; in a FIFO queue unless its deduplication id was sent in the last 5 minutes. */
  send(message: NewMessage): Pick<SentId, 'messageId' | 'sequenceNumber'> {
    return this.settings.isFifo ? this.#sendInOrder(message) : this.#sendAlone(message);
  }

  #sendAlone({ body, attributes, delayMs = this.settings.delayMs }: NewMessage) {
    const { clock, random } = this.#surroundings;
    const messageId = randomUuid(random);
    this.#put({
      body,
      attributes,
      messageId,
      groupId: messageId,
      deduplicationId: '',
      sequenceNumber: '',
      sentAtMs: clock.now(),
      receiveCount: 0,
      hiddenUntilMs: delayMs > 0 ? clock.now() + delayMs : 0,
    });
    this.#wakeForNext();
    return { messageId, sequenceNumber: '' };
  }

  #sendInOrder({ body, attributes, groupId = '', deduplicationId = '' }: NewMessage) {
    const { clock, random } = this.#surroundings;
    const repeated = this.#deduplication.find(groupId, deduplicationId, clock.now());
    if (repeated !== undefined) return repeated;
    const sent = {
      messageId: randomUuid(random),
      sequenceNumber: this.#nextSequenceNumber(),
      sentAtMs: clock.now(),
    };
    const sentId = this.#deduplication.remember(groupId, deduplicationId, sent);
    const message = { body, attributes, groupId, deduplicationId };
    this.#put({ ...message, ...sent, receiveCount: 0, hiddenUntilMs: 0 }, sentId);
    return sent;
  }

  /** Hands out messages and hides them; dead-letters those that were received too often. */
  receive(options: ReceiveOptions): ReceivedMessage[] {
    const { max, visibilityTimeoutMs = this.settings.visibilityTimeoutMs } = options;
    const received: ReceivedMessage[] = [];
    for (const message of this.#receivable(options.skipsGroup)) {
      if (received.length === max) break;
      if (this.#isExhausted(message)) this.#deadLetter(message);
      else received.push(this.#handOut(message, visibilityTimeoutMs));
    }
    if (received.length > 0) this.#wakeForNext();
    return received;
  }

  /** Whether a receive would find something now. */
  hasReceivable(): boolean {
    return this.#receivable().length > 0;
  }

  /**
   * Removes a message for good. Doing so again is no error.
   * @throws SqsError for a delivery that is over, when the message is still there.
   */
  delete(receiptHandle: string): void {
    const { messageId } = parseReceiptHandle(receiptHandle);
    if (!this.#messages.has(messageId)) return;
    // Standard queues also take the handle of a delivery that is over.
    if (this.settings.isFifo) this.#held(receiptHandle);
    this.#remove([messageId]);
  }

  /** Ends the delivery's hiding that much from now. */
  changeVisibility(receiptHandle: string, timeoutMs: number): void {
    const message = this.#held(receiptHandle);
    const hiddenUntilMs = this.#surroundings.clock.now() + timeoutMs;
    if (hiddenUntilMs > (message.delivery?.atMs ?? 0) + MAX_HIDDEN_MS) {
      throw invalidParameter(
        'VisibilityTimeout',
        timeoutMs / 1_000,
        'Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
      );
    }
    this.#put({ ...message, hiddenUntilMs });
    this.#wakeForNext();
  }

  /** Shortens the hiding of a delivery to this much from now; it never gets longer. */
  shortenVisibility(receiptHandle: string, timeoutMs: number): void {
    const { messageId, nonce } = parseReceiptHandle(receiptHandle);
    const message = this.#messages.get(messageId);
    if (message?.delivery?.nonce !== nonce) return;
    const leftMs = message.hiddenUntilMs - this.#surroundings.clock.now();
    if (leftMs > timeoutMs) this.changeVisibility(receiptHandle, timeoutMs);
  }

  /** Removes all messages; what was sent stays remembered for deduplication. */
  purge(): void {
    this.#remove([...this.#messages.keys()]);
  }

  /**
   * Calls back, soon after, whenever a receive may find something or the queue got emptier.
   * @returns ends it.
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops the timer; the messages stay in the store. */
  close(): void {
    this.#cancelWake();
    this.#listeners.clear();
  }

  #receivable(skipsGroup: (groupId: string) => boolean = () => false): QueueMessage[] {
    const blocked = new Set(this.#hidden().map(({ groupId }) => groupId));
    const free = this.#all().filter(({ groupId }) => !blocked.has(groupId) && !skipsGroup(groupId));
    // As many as possible of the group that waited longest, then of the next.
    return [...Map.groupBy(free, ({ groupId }) => groupId).values()].flat();
  }

  #handOut(message: QueueMessage, visibilityTimeoutMs: number): ReceivedMessage {
    const { clock, random } = this.#surroundings;
    const nowMs = clock.now();
    const nonce = Buffer.from(random(12)).toString('hex');
    const received: QueueMessage = {
      ...message,
      receiveCount: message.receiveCount + 1,
      firstReceivedAtMs: message.firstReceivedAtMs ?? nowMs,
      delivery: { nonce, atMs: nowMs },
      hiddenUntilMs: nowMs + visibilityTimeoutMs,
    };
    this.#put(received);
    const { messageId } = message;
    return { ...received, receiptHandle: formatReceiptHandle({ messageId, nonce }) };
  }

  #isExhausted(message: QueueMessage): boolean {
    const limit = this.settings.redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
    return this.deadLetters !== undefined && message.receiveCount >= limit;
  }

  /** The enqueue time starts anew in FIFO queues only. Source: SQS developer guide, "Dead-letter queues". */
  #deadLetter(message: QueueMessage): void {
    this.deadLetters?.accept({ ...message, deadLetterSource: this.settings.arn });
    this.#remove([message.messageId]);
  }

  /** Takes over a message from the queue that gave it up. */
  accept({ delivery: _, ...message }: QueueMessage): void {
    this.#put({
      ...message,
      ...(this.settings.isFifo && {
        sequenceNumber: this.#nextSequenceNumber(),
        sentAtMs: this.#surroundings.clock.now(),
      }),
      hiddenUntilMs: 0,
    });
  }

  #held(receiptHandle: string): QueueMessage {
    const { messageId, nonce } = parseReceiptHandle(receiptHandle);
    const message = this.#messages.get(messageId);
    if (message === undefined) {
      throw invalidParameter(
        'ReceiptHandle',
        receiptHandle,
        'Message does not exist or is not available for visibility timeout change.',
      );
    }
    if (message.delivery?.nonce !== nonce || !this.#isHidden(message)) {
      throw invalidParameter('ReceiptHandle', receiptHandle, 'The receipt handle has expired.');
    }
    return message;
  }

  /** Without those whose retention is over. */
  #all(): QueueMessage[] {
    const oldestMs = this.#surroundings.clock.now() - this.settings.retentionMs;
    for (const { messageId, sentAtMs } of this.#messages.values()) {
      if (sentAtMs <= oldestMs) this.#messages.delete(messageId);
    }
    return [...this.#messages.values()];
  }

  /** In flight, or held back. */
  #hidden(): QueueMessage[] {
    return this.#all().filter((message) => this.#isHidden(message));
  }

  #isHidden({ hiddenUntilMs }: QueueMessage): boolean {
    return hiddenUntilMs > this.#surroundings.clock.now();
  }

  /** Rising with gaps, as SQS's. */
  #nextSequenceNumber(): string {
    this.#sent += 1;
    return String(18_850_000_000_000_000_000n + 256n * BigInt(this.#sent));
  }

  #put(message: QueueMessage, sentId?: SentId): void {
    this.#messages.set(message.messageId, message);
    this.#changed({ put: message, sent: this.#sent, ...(sentId && { sentId }) });
  }

  #remove(messageIds: readonly string[]): void {
    for (const messageId of messageIds) this.#messages.delete(messageId);
    this.#changed({ removed: messageIds });
  }

  #changed(change: QueueChange): void {
    this.#surroundings.store.save(this.settings.name, change, () => this.#state());
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => this.#announce());
  }

  /** Once for all changes that were made in one go, so that they are received together. */
  #announce(): void {
    this.#announced = false;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Announces the moment at which a hidden message appears again. */
  #wakeForNext(): void {
    this.#cancelWake();
    const { clock } = this.#surroundings;
    const nextMs = this.#hidden().reduce(
      (earliest, { hiddenUntilMs }) => Math.min(earliest, hiddenUntilMs),
      Number.POSITIVE_INFINITY,
    );
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#cancelWake = clock.after(Math.max(0, nextMs - clock.now()), () => {
      this.#wakeForNext();
      this.#announce();
    });
  }

  #state(): QueueState {
    return {
      sent: this.#sent,
      messages: [...this.#messages.values()],
      sentIds: this.#deduplication.sentIds(),
    };
  }
}
