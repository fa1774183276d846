import type { SQSRecord } from 'aws-lambda';
import type { SessionId } from '#core/ids';
import type { Letter } from '#core/ports';
import { type Cloud, MAX_RECEIVE_COUNT, type QueueRetry } from './cloud.ts';
import { CRASHED } from './invocation.ts';
import type { World } from './world.ts';

/** Six times the worker's timeout. */
const VISIBILITY_MS = 150_000;
const BATCH_SIZE = 10;

interface Held {
  readonly letter: Letter;
  readonly messageId: string;
  receiveCount: number;
  /** Until then nobody else receives it, nor anything behind it. */
  visibleAtMs: number;
}

/**
 * SQS FIFO and its event source: groups side by side, each in order and one batch at a time.
 * A group waits until what is in flight is deleted or visible again.
 */
export class ToFlexQueue implements QueueRetry {
  /** Every letter that was ever in the queue. */
  readonly stored: Letter[] = [];
  /** Letters that were delivered too often. */
  readonly deadLetters: Letter[] = [];
  readonly #world: World;
  readonly #groups = new Map<SessionId, Held[]>();
  #cloud: Cloud | undefined;
  #serial = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get isEmpty(): boolean {
    return [...this.#groups.values()].every((letters) => letters.length === 0);
  }

  feed(cloud: Cloud): void {
    this.#cloud = cloud;
  }

  /** Takes over what the mailbox has stored, and polls soon. */
  poll(): void {
    const { scheduler, random } = this.#world;
    const mailbox = this.#cloud?.mailbox;
    for (const id of mailbox?.sessionIds() ?? []) {
      for (let letter = mailbox?.take(id); letter; letter = mailbox?.take(id)) {
        this.stored.push(letter);
        this.#enqueue(letter);
      }
    }
    scheduler.after(random.between(5, 200), () => this.#receive());
  }

  async retryAfter(receiptHandles: readonly string[], delayMs: number): Promise<void> {
    const visibleAtMs = this.#world.scheduler.nowMs + Math.ceil(delayMs / 1_000) * 1_000;
    for (const held of [...this.#groups.values()].flat()) {
      if (receiptHandles.includes(held.messageId)) this.#hide(held, visibleAtMs);
    }
  }

  #receive(): void {
    const { nowMs } = this.#world.scheduler;
    const ready = [...this.#groups.values()].filter((group) =>
      group.every(({ visibleAtMs }) => visibleAtMs <= nowMs),
    );
    for (const group of ready) this.#deadLetter(group);
    const batch = ready.flatMap((group) => group.slice(0, BATCH_SIZE)).slice(0, BATCH_SIZE);
    if (batch.length === 0) return;
    for (const held of batch) {
      held.receiveCount += 1;
      this.#hide(held, nowMs + VISIBILITY_MS);
    }
    void this.#work(batch);
    if (ready.some((group) => group.some((held) => !batch.includes(held)))) this.poll();
  }

  async #work(batch: readonly Held[]): Promise<void> {
    const { weather, trace } = this.#world;
    const names = batch.map(({ messageId, receiveCount }) => `${messageId}/${receiveCount}`);
    trace.add('queue', `delivers ${names.join(' ')}`);
    const response = await this.#cloud?.deliver({ Records: batch.map(toRecord) });
    if (response === undefined || response === CRASHED || weather.strikes('deleteLost')) return;
    const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const held of batch) {
      if (!failed.has(held.messageId)) this.#delete(held);
    }
    this.poll();
  }

  #hide(held: Held, visibleAtMs: number): void {
    const { scheduler } = this.#world;
    held.visibleAtMs = visibleAtMs;
    scheduler.after(visibleAtMs - scheduler.nowMs, () => this.poll());
  }

  #delete(held: Held): void {
    const group = this.#groups.get(held.letter.sessionId) ?? [];
    group.splice(group.indexOf(held), 1);
  }

  /** Moves what was delivered too often out of the way. */
  #deadLetter(group: Held[]): void {
    for (const held of group.filter(({ receiveCount }) => receiveCount >= MAX_RECEIVE_COUNT)) {
      this.#delete(held);
      this.deadLetters.push(held.letter);
      this.#world.trace.add('queue', `sets ${held.messageId} aside`);
      this.#perhapsRedrive(held.letter);
    }
  }

  #perhapsRedrive(letter: Letter): void {
    const { scheduler, random, weather } = this.#world;
    if (!weather.strikes('redriven')) return;
    scheduler.after(random.between(60_000, 10 * 60_000), () => {
      this.#world.trace.add('queue', `takes a ${letter.kind} back that was dead-lettered`);
      this.#enqueue(letter);
      this.poll();
    });
  }

  #enqueue(letter: Letter): void {
    const group = this.#groups.get(letter.sessionId) ?? [];
    this.#groups.set(letter.sessionId, group);
    this.#serial += 1;
    group.push({ letter, messageId: `Q${this.#serial}`, receiveCount: 0, visibleAtMs: 0 });
  }
}

function toRecord({ letter, messageId, receiveCount }: Held): SQSRecord {
  return {
    messageId,
    receiptHandle: messageId,
    body: JSON.stringify(letter),
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '0',
      SenderId: 'customer-socket',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: letter.sessionId,
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:ToFlex.fifo',
    awsRegion: 'eu-central-1',
  };
}
