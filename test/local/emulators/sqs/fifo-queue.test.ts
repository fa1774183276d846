import type { QueueChange, QueueState, QueueStore } from '#local/emulators/sqs/queue-store';
import { aQueue, bodies, send } from '#test/support/queue-fixtures';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

describe('order', () => {
  test('hands out a group in the order of sending, several messages at once', () => {
    const { queue } = aQueue();
    for (const body of ['1', '2', '3']) send(queue, 'a', body);

    const received = queue.receive({ max: 10 });

    expect(bodies(received)).toEqual(['1', '2', '3']);
  });

  test('fills a batch from the group that waited longest, then from the next', () => {
    const { queue } = aQueue();
    send(queue, 'a', 'a1');
    send(queue, 'b', 'b1');
    send(queue, 'a', 'a2');
    send(queue, 'c', 'c1');

    const received = queue.receive({ max: 3 });

    expect(bodies(received)).toEqual(['a1', 'a2', 'b1']);
  });

  test('gives sequence numbers of 20 digits that rise', () => {
    const { queue } = aQueue();

    const numbers = ['1', '2', '3'].map((body) => send(queue, 'a', body).sequenceNumber);

    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });
});

describe('blocked groups', () => {
  test('gives no further message of a group while one is in flight', () => {
    const { queue } = aQueue();
    send(queue, 'a', 'a1');
    send(queue, 'a', 'a2');
    send(queue, 'b', 'b1');
    queue.receive({ max: 1 });

    const received = queue.receive({ max: 10 });

    expect(bodies(received)).toEqual(['b1']);
    expect(bodies(queue.waiting)).toEqual(['a2']);
  });

  test('gives the next message of a group once the one in flight is deleted', () => {
    const { queue } = aQueue();
    send(queue, 'a', 'a1');
    send(queue, 'a', 'a2');
    const [first] = queue.receive({ max: 1 });

    queue.delete(first?.receiptHandle ?? '');

    expect(bodies(queue.receive({ max: 10 }))).toEqual(['a2']);
  });

  test('keeps a group blocked until the last of its messages in flight is back', async () => {
    const { queue, clock } = aQueue();
    send(queue, 'a', 'a1');
    send(queue, 'a', 'a2');
    send(queue, 'a', 'a3');
    const [first] = queue.receive({ max: 2 });

    queue.changeVisibility(first?.receiptHandle ?? '', 0);
    const early = queue.receive({ max: 10 });
    await clock.advance(60 * SECOND_MS);
    const late = queue.receive({ max: 10 });

    expect(early).toEqual([]);
    expect(bodies(late)).toEqual(['a1', 'a2', 'a3']);
  });
});

describe('visibility', () => {
  test('shows a message again when its timeout is over, counting the receives', async () => {
    const { queue, clock } = aQueue();
    send(queue, 'a', 'a1');
    const [first] = queue.receive({ max: 1 });
    await clock.advance(60 * SECOND_MS - 1);
    const early = queue.receive({ max: 1 });
    await clock.advance(1);

    const [second] = queue.receive({ max: 1 });

    expect(early).toEqual([]);
    expect(second).toMatchObject({ messageId: first?.messageId, receiveCount: 2 });
    expect(second?.firstReceivedAtMs).toBe(first?.firstReceivedAtMs);
    expect(second?.receiptHandle).not.toBe(first?.receiptHandle);
  });

  test('calls back when a message appears again', async () => {
    const { queue, clock } = aQueue();
    send(queue, 'a', 'a1');
    queue.receive({ max: 1, visibilityTimeoutMs: 5 * SECOND_MS });
    await clock.advance(0);
    const called = jest.fn();
    queue.onChange(called);

    await clock.advance(4_999);
    const before = called.mock.calls.length;
    await clock.advance(1);

    expect(before).toBe(0);
    expect(called).toHaveBeenCalledTimes(1);
  });

  test('calls back once for what was sent in one go', async () => {
    const { queue, clock } = aQueue();
    const called = jest.fn();
    queue.onChange(called);

    send(queue, 'a', 'a1');
    send(queue, 'a', 'a2');
    await clock.advance(0);

    expect(called).toHaveBeenCalledTimes(1);
  });

  test('prolongs the hiding from now on', async () => {
    const { queue, clock } = aQueue();
    send(queue, 'a', 'a1');
    const [message] = queue.receive({ max: 1 });
    await clock.advance(50 * SECOND_MS);

    queue.changeVisibility(message?.receiptHandle ?? '', 30 * SECOND_MS);
    await clock.advance(29 * SECOND_MS);

    expect(queue.inFlight).toHaveLength(1);
    await clock.advance(SECOND_MS);
    expect(queue.inFlight).toHaveLength(0);
  });

  test('hides a message for 12 hours after its receive at most', async () => {
    const { queue, clock } = aQueue();
    send(queue, 'a', 'a1');
    const [message] = queue.receive({ max: 1 });
    await clock.advance(SECOND_MS);

    const prolong = () => queue.changeVisibility(message?.receiptHandle ?? '', 12 * 60 * MINUTE_MS);

    expect(prolong).toThrow('beyond the limit');
  });

  test('refuses to delete by a delivery that is over, as FIFO queues do', async () => {
    const { queue, clock } = aQueue();
    send(queue, 'a', 'a1');
    const [message] = queue.receive({ max: 1 });
    await clock.advance(60 * SECOND_MS);

    expect(() => queue.delete(message?.receiptHandle ?? '')).toThrow('handle has expired');
    expect(() => queue.changeVisibility(message?.receiptHandle ?? '', 0)).toThrow('has expired');
    expect(bodies(queue.waiting)).toEqual(['a1']);
  });

  test('refuses the handle of an earlier delivery', async () => {
    const { queue, clock } = aQueue();
    send(queue, 'a', 'a1');
    const [first] = queue.receive({ max: 1 });
    await clock.advance(60 * SECOND_MS);
    queue.receive({ max: 1 });

    expect(() => queue.delete(first?.receiptHandle ?? '')).toThrow('handle has expired');
  });

  test('deletes a second time without complaint', () => {
    const { queue } = aQueue();
    send(queue, 'a', 'a1');
    const [message] = queue.receive({ max: 1 });

    queue.delete(message?.receiptHandle ?? '');
    queue.delete(message?.receiptHandle ?? '');

    expect(queue.inFlight).toEqual([]);
    expect(() => queue.delete('AQEBnonsense')).toThrow('receipt handle is invalid');
  });
});

describe('deduplication', () => {
  test('accepts a repeated id within 5 minutes and stores nothing', async () => {
    const { queue, clock } = aQueue();
    const first = send(queue, 'a', 'a1', 'id');
    await clock.advance(5 * MINUTE_MS - 1);

    const second = send(queue, 'a', 'a1', 'id');

    expect(second).toMatchObject({ ...first });
    expect(queue.waiting).toHaveLength(1);
  });

  test('counts the 5 minutes from the first accepted send', async () => {
    const { queue, clock } = aQueue();
    send(queue, 'a', 'first', 'id');
    await clock.advance(4 * MINUTE_MS);
    send(queue, 'a', 'repeated', 'id');
    await clock.advance(MINUTE_MS);

    send(queue, 'a', 'new', 'id');

    expect(bodies(queue.waiting)).toEqual(['first', 'new']);
  });

  test('still knows the id of a deleted message', () => {
    const { queue } = aQueue();
    send(queue, 'a', 'a1', 'id');
    queue.delete(queue.receive({ max: 1 })[0]?.receiptHandle ?? '');

    send(queue, 'a', 'a1', 'id');

    expect(queue.waiting).toEqual([]);
  });

  test.each([
    ['queue', 1],
    ['messageGroup', 2],
  ])('with scope %s stores one id of two groups %d times', (scope, stored) => {
    const { queue } = aQueue({ DeduplicationScope: scope });

    send(queue, 'a', 'a1', 'id');
    send(queue, 'b', 'b1', 'id');

    expect(queue.waiting).toHaveLength(stored);
  });
});

describe('dead letters', () => {
  test('sets a message aside instead of a fourth receive, and the group goes on', async () => {
    const { queue, deadLetters, clock } = aQueue();
    send(queue, 'a', 'a1');
    for (let receive = 1; receive <= 3; receive += 1) {
      expect(bodies(queue.receive({ max: 1 }))).toEqual(['a1']);
      await clock.advance(60 * SECOND_MS);
    }
    send(queue, 'a', 'a2');

    const fourth = queue.receive({ max: 1 });

    expect(bodies(fourth)).toEqual(['a2']);
    expect(deadLetters.waiting).toMatchObject([{ body: 'a1', groupId: 'a' }]);
    expect(deadLetters.waiting[0]?.sentAtMs).toBe(clock.now());
  });

  test('says where a dead letter came from', async () => {
    const { queue, deadLetters, clock } = aQueue({
      RedrivePolicy: {
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:DeadLetters.fifo',
        maxReceiveCount: 1,
      },
    });
    send(queue, 'a', 'a1');
    queue.receive({ max: 1 });
    await clock.advance(60 * SECOND_MS);
    queue.receive({ max: 1 });

    const [letter] = deadLetters.receive({ max: 1 });

    expect(letter?.deadLetterSource).toBe(queue.settings.arn);
  });
});

describe('retention', () => {
  test('drops a message when its time is over', async () => {
    const { queue, clock } = aQueue({ MessageRetentionPeriod: 120 });
    send(queue, 'a', 'old');
    await clock.advance(MINUTE_MS);
    send(queue, 'a', 'young');

    await clock.advance(MINUTE_MS);

    expect(bodies(queue.receive({ max: 10 }))).toEqual(['young']);
  });
});

describe('the store', () => {
  /** Keeps what a file would keep. */
  class JsonStore implements QueueStore {
    readonly #texts = new Map<string, string>();

    load(name: string): QueueState | undefined {
      const text = this.#texts.get(name);
      return text === undefined ? undefined : JSON.parse(text);
    }

    save(name: string, _change: QueueChange, state: () => QueueState): void {
      this.#texts.set(name, JSON.stringify(state()));
    }
  }

  test('lets a new process go on with messages, blocked groups and sent ids', async () => {
    const store = new JsonStore();
    const before = aQueue({}, store);
    send(before.queue, 'a', 'a1', 'id-1');
    send(before.queue, 'a', 'a2', 'id-2');
    before.queue.receive({ max: 1 });
    before.queues.close();

    const { queue, clock } = aQueue({}, store);
    const blocked = queue.receive({ max: 10 });
    send(queue, 'a', 'a1', 'id-1');
    await clock.advance(60 * SECOND_MS);

    expect(blocked).toEqual([]);
    expect(bodies(queue.receive({ max: 10 }))).toEqual(['a1', 'a2']);
  });

  test('leaves no timer behind after closing', () => {
    const { queue, queues, clock } = aQueue();
    send(queue, 'a', 'a1');
    queue.receive({ max: 1 });
    const pending = clock.pending;

    queues.close();

    expect(pending).toBe(1);
    expect(clock.pending).toBe(0);
  });
});
