import { MemoryQueueStore } from '#local/emulators/sqs/queue-store';
import { watchedQueueStore } from '#local/wire/watched-queue-store';
import type { Watch } from '#local/wire/wire';
import { aQueue, send } from '#test/support/queue-fixtures';

const VISIBILITY_MS = 60_000;

function aWatchedQueue(store = new MemoryQueueStore()) {
  const told: string[] = [];
  const watch: Watch = ({ about, body, title }) => {
    told.push(`${title} (${about}: ${body})`);
    return ({ status } = {}) => told.push(`${title}: ${status}`);
  };
  const watched = watchedQueueStore(store, watch);
  return { told, store, ...aQueue({ VisibilityTimeout: 60 }, watched) };
}

describe('the watched store of a queue', () => {
  test('tells when a letter is sent, received and done', () => {
    const { queue, told } = aWatchedQueue();

    send(queue, 's_1', 'hello');
    const [letter] = queue.receive({ max: 1 });
    queue.delete(letter?.receiptHandle ?? '');

    expect(told).toEqual([
      'sent to ToFlex.fifo (s_1: hello)',
      'received from ToFlex.fifo (s_1: hello)',
      'received from ToFlex.fifo: done',
    ]);
  });

  test('counts attempts, and tells when a letter is given up', async () => {
    const { clock, queue, told } = aWatchedQueue();
    send(queue, 's_1', 'hello');

    for (let attempt = 1; attempt <= 4; attempt += 1) {
      queue.receive({ max: 1 });
      await clock.advance(VISIBILITY_MS);
    }

    expect(told.filter((line) => line.includes('('))).toEqual([
      'sent to ToFlex.fifo (s_1: hello)',
      'received from ToFlex.fifo (s_1: hello)',
      'received from ToFlex.fifo, attempt 2 (s_1: hello)',
      'received from ToFlex.fifo, attempt 3 (s_1: hello)',
      'given up to DeadLetters.fifo (s_1: hello)',
    ]);
  });

  test('takes a letter of an earlier run for none that was just sent', () => {
    const { queue, store } = aWatchedQueue();
    send(queue, 's_1', 'hello');

    const next = aWatchedQueue(store);
    next.queue.receive({ max: 1 });

    expect(next.told).toEqual(['received from ToFlex.fifo (s_1: hello)']);
  });
});
