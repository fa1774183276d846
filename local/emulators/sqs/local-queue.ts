import type { Clock } from '#local/clock';
import { type RandomBytes, randomUuid } from '#local/random';
import { Deduplication } from './deduplication.ts';
import { type NewMessage, QueueMessages, type ReceivedMessage } from './queue-messages.ts';
import type { QueueSettings } from './queue-settings.ts';
import type { QueueChange, QueueMessage, QueueState, QueueStore, SentId } from './queue-store.ts';
import { formatReceiptHandle, parseReceiptHandle } from './receipt-handle.ts';
import { invalidParameter } from './sqs-error.ts';

/** Source: SQS API reference, ChangeMessageVisibility. */
const MAX_HIDDEN_MS = 12 * 60 * 60_000;

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
  readonly #messages: QueueMessages;
  #sent: number;

  constructor(settings: QueueSettings, surroundings: QueueSurroundings, deadLetters?: LocalQueue) {
    const state = surroundings.store.load(settings.name);
    this.settings = settings;
    this.deadLetters = deadLetters;
    this.#surroundings = surroundings;
    this.#deduplication = new Deduplication(settings.deduplicationScope, state?.sentIds);
    const { clock } = surroundings;
    this.#messages = new QueueMessages(state?.messages ?? [], clock, settings.retentionMs);
    this.#sent = state?.sent ?? 0;
  }

  /** Messages that are neither in flight nor held back, in order; some may be blocked by their group. */
  get waiting(): QueueMessage[] {
    return this.#messages.waiting;
  }

  get inFlight(): QueueMessage[] {
    return this.#messages.inFlight;
  }

  /** Messages that were sent with a delay that is not over. */
  get delayed(): QueueMessage[] {
    return this.#messages.delayed;
  }

  /** Stores the message; in a FIFO queue unless its deduplication id was sent in the last 5 minutes. */
  send(message: NewMessage): Pick<SentId, 'messageId' | 'sequenceNumber'> {
    const { body, attributes, groupId = '', deduplicationId = '' } = message;
    const { clock, random } = this.#surroundings;
    const { isFifo, delayMs } = this.settings;
    const sentAtMs = clock.now();
    const repeated = isFifo && this.#deduplication.find(groupId, deduplicationId, sentAtMs);
    if (repeated) return repeated;
    const messageId = randomUuid(random);
    const sent = { messageId, sequenceNumber: isFifo ? this.#nextSequenceNumber() : '', sentAtMs };
    const place = isFifo ? { groupId, deduplicationId } : { groupId: messageId, deduplicationId };
    const heldBackMs = message.delayMs ?? delayMs;
    const hiddenUntilMs = heldBackMs > 0 ? sentAtMs + heldBackMs : 0;
    this.#put(
      { body, attributes, ...place, ...sent, receiveCount: 0, hiddenUntilMs },
      isFifo ? this.#deduplication.remember(groupId, deduplicationId, sent) : undefined,
    );
    if (heldBackMs > 0) this.#messages.wakeForNext();
    return sent;
  }

  /** Hands out messages and hides them; dead-letters those that were received too often. */
  receive(options: ReceiveOptions): ReceivedMessage[] {
    const { max, visibilityTimeoutMs = this.settings.visibilityTimeoutMs } = options;
    const received: ReceivedMessage[] = [];
    for (const message of this.#messages.receivable(options.skipsGroup)) {
      if (received.length === max) break;
      if (this.#isExhausted(message)) this.#deadLetter(message);
      else received.push(this.#handOut(message, visibilityTimeoutMs));
    }
    if (received.length > 0) this.#messages.wakeForNext();
    return received;
  }

  /** Whether a receive would find something now. */
  hasReceivable(): boolean {
    return this.#messages.receivable().length > 0;
  }

  /**
   * Removes a message for good. Doing so again is no error.
   * @throws SqsError for a delivery that is over, when the message is still there.
   */
  delete(receiptHandle: string): void {
    const { messageId } = parseReceiptHandle(receiptHandle);
    if (this.#messages.get(messageId) === undefined) return;
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
    this.#messages.wakeForNext();
  }

  /** Shortens the hiding of a delivery to this much from now; it never gets longer. */
  shortenVisibility(receiptHandle: string, timeoutMs: number): void {
    const { messageId, nonce } = parseReceiptHandle(receiptHandle);
    const message = this.#messages.get(messageId);
    if (message?.delivery?.nonce !== nonce) return;
    const leftMs = message.hiddenUntilMs - this.#surroundings.clock.now();
    if (leftMs > timeoutMs) this.changeVisibility(receiptHandle, timeoutMs);
  }

  /** Ends all deliveries that are under way: those who received them are known to be gone. */
  releaseAll(): void {
    for (const message of this.#messages.inFlight) this.#put({ ...message, hiddenUntilMs: 0 });
  }

  /** Removes all messages; what was sent stays remembered for deduplication. */
  purge(): void {
    this.#remove(this.#messages.all().map(({ messageId }) => messageId));
  }

  /**
   * Calls back, soon after, whenever a receive may find something or the queue got emptier.
   * @returns ends it.
   */
  onChange(listener: () => void): () => void {
    return this.#messages.onChange(listener);
  }

  /** Stops the timer; the messages stay in the store. */
  close(): void {
    this.#messages.close();
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
    if (message.delivery?.nonce !== nonce || !this.#messages.isHidden(message)) {
      throw invalidParameter('ReceiptHandle', receiptHandle, 'The receipt handle has expired.');
    }
    return message;
  }

  /** Rising with gaps, as SQS's. */
  #nextSequenceNumber(): string {
    this.#sent += 1;
    return String(18_850_000_000_000_000_000n + 256n * BigInt(this.#sent));
  }

  #put(message: QueueMessage, sentId?: SentId): void {
    this.#messages.set(message);
    this.#save({ put: message, sent: this.#sent, ...(sentId && { sentId }) });
  }

  #remove(messageIds: readonly string[]): void {
    this.#messages.remove(messageIds);
    this.#save({ removed: messageIds });
  }

  #save(change: QueueChange): void {
    this.#surroundings.store.save(this.settings.name, change, () => this.#state());
  }

  #state(): QueueState {
    return {
      sent: this.#sent,
      messages: this.#messages.all(),
      sentIds: this.#deduplication.sentIds(),
    };
  }
}
