import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileQueueStore } from '#local/emulators/sqs/file-queue-store';
import { aQueue, bodies, send } from '#test/support/queue-fixtures';

const aDirectory = () => mkdtempSync(path.join(tmpdir(), 'queues-'));
const receiveAll = (queue: ReturnType<typeof aQueue>['queue']) =>
  bodies(queue.receive({ max: 10 }));

/** A queue as a process finds it that starts where another was killed: nothing was closed. */
const inNewProcess = (directory: string) =>
  aQueue({}, new FileQueueStore(directory), (count) => randomBytes(count));

describe('FileQueueStore', () => {
  test('has a message on disk before its send returns', () => {
    const directory = aDirectory();
    const { queue } = inNewProcess(directory);

    const { messageId } = send(queue, 'a', 'a1');

    const text = readFileSync(path.join(directory, `${queue.settings.name}.jsonl`), 'utf8');
    expect(text).toContain(messageId);
  });

  test('lets the next process go on where this one was killed', () => {
    const directory = aDirectory();
    const before = inNewProcess(directory);
    const first = send(before.queue, 'a', 'a1', 'id-1');
    for (const body of ['a2', 'a3']) send(before.queue, 'a', body);
    const [received] = before.queue.receive({ max: 1 });
    before.queue.delete(received?.receiptHandle ?? '');

    const { queue } = inNewProcess(directory);
    const again = send(queue, 'a', 'a1', 'id-1');
    const { sequenceNumber } = send(queue, 'a', 'a4');

    expect(again).toMatchObject({ messageId: first.messageId });
    expect(sequenceNumber > first.sequenceNumber).toBe(true);
    expect(receiveAll(queue)).toEqual(['a2', 'a3', 'a4']);
  });

  test('brings back at once what was being delivered, and counts the delivery', () => {
    const directory = aDirectory();
    const before = inNewProcess(directory);
    send(before.queue, 'a', 'a1');
    before.queue.receive({ max: 1 });

    const [message] = inNewProcess(directory).queue.receive({ max: 1 });

    expect(message).toMatchObject({ body: 'a1', receiveCount: 2 });
  });

  test('keeps dead letters, and what was purged does not come back', () => {
    const directory = aDirectory();
    const before = inNewProcess(directory);
    send(before.queue, 'a', 'dead');
    for (let i = 0; i < 10; i += 1) {
      const [message] = before.queue.receive({ max: 1 });
      if (message) before.queue.changeVisibility(message.receiptHandle, 0);
    }
    send(before.queue, 'b', 'purged');
    before.queue.purge();

    const { queue, deadLetters } = inNewProcess(directory);

    expect(receiveAll(queue)).toEqual([]);
    expect(receiveAll(deadLetters)).toEqual(['dead']);
  });

  test('passes over a line that was cut off half-way', () => {
    const directory = aDirectory();
    const { queue } = inNewProcess(directory);
    send(queue, 'a', 'a1');
    appendFileSync(path.join(directory, `${queue.settings.name}.jsonl`), '{"put":{"messa');

    const after = inNewProcess(directory);
    send(after.queue, 'a', 'a2');

    expect(receiveAll(inNewProcess(directory).queue)).toEqual(['a1', 'a2']);
  });

  test('does not grow without end', () => {
    const directory = aDirectory();
    const { queue, clock } = inNewProcess(directory);
    const file = path.join(directory, `${queue.settings.name}.jsonl`);
    const sizes = [];
    for (let round = 0; round < 8; round += 1) {
      for (let i = 0; i < 1_000; i += 1) {
        send(queue, 'a', 'x'.repeat(100));
        for (const message of queue.receive({ max: 10 })) queue.delete(message.receiptHandle);
      }
      sizes.push(statSync(file).size);
      clock.advance(6 * 60_000);
    }

    expect(Math.max(...sizes)).toBeLessThan(12_000 * 1_000);
    expect(sizes.at(-1)).toBeLessThan(Math.max(...sizes));
  });
});
