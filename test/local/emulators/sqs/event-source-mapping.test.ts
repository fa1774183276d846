import type { FunctionRunner } from '#local/emulators/aws/aws-service';
import { FunctionFailure } from '#local/emulators/aws/aws-service';
import type { BatchFailure } from '#local/emulators/sqs/event-source-mapping';
import {
  type EventSourceMappingsOptions,
  startEventSourceMappings,
} from '#local/emulators/sqs/event-source-mappings';
import { createQueues } from '#local/emulators/sqs/queues';
import { ManualClock } from '#test/support/manual-clock';
import {
  anAssembly,
  bodies,
  countingRandom,
  DEAD_ARN,
  FUNCTION_ARN,
  mappingResources,
  QUEUE_ARN,
  queueResources,
  send,
} from '#test/support/queue-fixtures';

type SqsRecord = {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, string>;
};
type Batch = readonly SqsRecord[];

const MINUTE_MS = 60_000;

/** A function whose invocations a test answers one by one. */
class HeldFunction implements FunctionRunner {
  readonly batches: Batch[] = [];
  readonly arns: string[] = [];
  readonly #answers: ((answer: unknown) => void)[] = [];

  invoke(functionArn: string, event: unknown): Promise<unknown> {
    this.arns.push(functionArn);
    this.batches.push((event as { Records: Batch }).Records);
    return new Promise((resolve) => this.#answers.push(resolve));
  }

  answer(invocation: number, answer: unknown = null): void {
    this.#answers[invocation]?.(answer);
  }
}

const answering = (answer: (batch: Batch) => unknown) => {
  const batches: string[][] = [];
  return {
    batches,
    invoke: async (_: string, event: unknown) => {
      const { Records } = event as { Records: Batch };
      batches.push(bodies(Records));
      return answer(Records);
    },
  };
};

function start(
  functions: FunctionRunner,
  options: {
    mapping?: Record<string, unknown>;
    queue?: Record<string, unknown>;
    permits?: EventSourceMappingsOptions['permits'];
    redeliveryMs?: number;
  } = {},
) {
  const clock = new ManualClock();
  const assembly = anAssembly(
    ...queueResources(options.queue),
    ...mappingResources(options.mapping),
  );
  const queues = createQueues(assembly, { clock, random: countingRandom() });
  const failures: BatchFailure[] = [];
  const mappings = startEventSourceMappings({
    assembly,
    queues,
    functions,
    onFailure: (failure) => failures.push(failure),
    ...(options.permits && { permits: options.permits }),
    ...(options.redeliveryMs !== undefined && { redeliveryMs: options.redeliveryMs }),
  });
  const [mapping] = mappings.all;
  if (mapping === undefined) throw new Error('no mapping was started');
  return {
    clock,
    queues,
    mappings,
    mapping,
    failures,
    queue: queues.byArn(QUEUE_ARN),
    deadLetters: queues.byArn(DEAD_ARN),
  };
}

describe('delivery', () => {
  test('invokes the function with the event that Lambda makes of a message', async () => {
    const functions = new HeldFunction();
    const { queue, clock } = start(functions);

    const { messageId, sequenceNumber } = send(queue, 'session-1', '{"kind":"end"}', 'm1');
    await clock.advance(0);

    expect(functions.arns).toEqual([FUNCTION_ARN]);
    expect(functions.batches).toEqual([
      [
        {
          messageId,
          receiptHandle: expect.stringMatching(/^AQEB/),
          body: '{"kind":"end"}',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: String(clock.now()),
            SequenceNumber: sequenceNumber,
            MessageGroupId: 'session-1',
            SenderId: expect.any(String),
            MessageDeduplicationId: 'm1',
            ApproximateFirstReceiveTimestamp: String(clock.now()),
          },
          messageAttributes: {},
          md5OfBody: '57f9f3afa75a47d3a3780f0f96ddbc2a',
          eventSource: 'aws:sqs',
          eventSourceARN: QUEUE_ARN,
          awsRegion: 'us-east-1',
        },
      ],
    ]);
  });

  test('deletes what the function worked through', async () => {
    const { queue, mappings } = start(answering(() => null));
    send(queue, 'a', 'a1');
    send(queue, 'b', 'b1');

    await mappings.idle();

    expect(queue.waiting).toEqual([]);
    expect(queue.inFlight).toEqual([]);
  });

  test('puts several messages of one group and several groups into one batch', async () => {
    const functions = answering(() => null);
    const { queue, mappings } = start(functions);
    for (const body of ['a1', 'a2']) send(queue, 'a', body);
    send(queue, 'b', 'b1');

    await mappings.idle();

    expect(functions.batches).toEqual([['a1', 'a2', 'b1']]);
  });

  test('never puts more into a batch than its size', async () => {
    const functions = answering(() => null);
    const { queue, mappings } = start(functions, { mapping: { BatchSize: 2 } });
    for (const body of ['a1', 'a2', 'a3']) send(queue, 'a', body);

    await mappings.idle();

    expect(functions.batches).toEqual([['a1', 'a2'], ['a3']]);
  });

  test('begins with what waited before the start', async () => {
    const functions = answering(() => null);
    const { queues, queue, mappings, clock } = start(functions);
    await mappings.close();
    send(queue, 'a', 'a1');
    await clock.advance(0);
    const before = [...functions.batches];

    const restarted = startEventSourceMappings({
      assembly: anAssembly(...queueResources(), ...mappingResources()),
      queues,
      functions,
    });
    await restarted.idle();

    expect(before).toEqual([]);
    expect(functions.batches).toEqual([['a1']]);
  });

  test('takes up at once what a function held whose process was killed', async () => {
    const { queues, queue, clock } = start(new HeldFunction());
    send(queue, 'a', 'a1');
    send(queue, 'a', 'a2');
    await clock.advance(0);
    const held = queue.inFlight.length;
    const functions = answering(() => null);

    const restarted = startEventSourceMappings({
      assembly: anAssembly(...queueResources(), ...mappingResources()),
      queues,
      functions,
    });
    await restarted.idle();

    expect(held).toBe(2);
    expect(functions.batches.flat()).toEqual(['a1', 'a2']);
    expect([...queue.waiting, ...queue.inFlight]).toEqual([]);
  });
});

describe('concurrency', () => {
  test('keeps a group to one batch at a time', async () => {
    const functions = new HeldFunction();
    const { queue, clock } = start(functions);
    send(queue, 'a', 'a1');
    await clock.advance(0);
    send(queue, 'a', 'a2');
    await clock.advance(0);
    const whileRunning = functions.batches.length;

    functions.answer(0);
    await clock.advance(0);

    expect(whileRunning).toBe(1);
    expect(functions.batches.map(bodies)).toEqual([['a1'], ['a2']]);
  });

  test('keeps a group to one batch even when the function makes its message visible', async () => {
    const functions = new HeldFunction();
    const { queue, clock } = start(functions);
    const { messageId } = send(queue, 'a', 'a1');
    await clock.advance(0);

    queue.changeVisibility(functions.batches[0]?.[0]?.receiptHandle ?? '', 0);
    await clock.advance(0);
    const whileRunning = functions.batches.length;
    functions.answer(0, { batchItemFailures: [{ itemIdentifier: messageId }] });
    await clock.advance(0);

    expect(whileRunning).toBe(1);
    expect(functions.batches.map(bodies)).toEqual([['a1'], ['a1']]);
  });

  test('works on other groups meanwhile, up to the maximum', async () => {
    const functions = new HeldFunction();
    const { queue, clock, mapping } = start(functions);
    for (const group of ['a', 'b', 'c']) {
      send(queue, group, `${group}1`);
      await clock.advance(0);
    }
    const running = mapping.inProgress;

    functions.answer(1);
    await clock.advance(0);

    expect(running).toBe(2);
    expect(functions.batches.map(bodies)).toEqual([['a1'], ['b1'], ['c1']]);
  });
});

describe('failures', () => {
  const failing = (...ids: (keyof SqsRecord | unknown)[]) => ({
    batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
  });

  test('leaves what the function reports until its visibility timeout, and no group waits for it', async () => {
    let healthy = false;
    const functions = answering((batch) =>
      healthy
        ? null
        : failing(...batch.filter(({ body }) => body === 'a2').map((each) => each.messageId)),
    );
    const { queue, clock, mappings, failures } = start(functions);
    for (const body of ['a1', 'a2']) send(queue, 'a', body);
    send(queue, 'b', 'b1');
    await mappings.idle();
    send(queue, 'a', 'a3');
    send(queue, 'b', 'b2');
    await mappings.idle();
    const early = [...functions.batches];

    healthy = true;
    await clock.advance(MINUTE_MS);

    expect(early).toEqual([['a1', 'a2', 'b1'], ['b2']]);
    expect(functions.batches.slice(2)).toEqual([['a2', 'a3']]);
    expect(failures).toMatchObject([
      { functionArn: FUNCTION_ARN, messageIds: [expect.any(String)] },
    ]);
  });

  test('comes back when the function says so with a visibility timeout of its own', async () => {
    const functions = new HeldFunction();
    const { queue, clock } = start(functions);
    const { messageId } = send(queue, 'a', 'a1');
    await clock.advance(0);
    queue.changeVisibility(functions.batches[0]?.[0]?.receiptHandle ?? '', 2_000);
    functions.answer(0, failing(messageId));
    await clock.advance(1_999);
    const early = functions.batches.length;

    await clock.advance(1);

    expect(early).toBe(1);
    expect(functions.batches[1]?.[0]?.attributes).toMatchObject({ ApproximateReceiveCount: '2' });
  });

  test('comes back earlier where a test asks for it, and never later than the function said', async () => {
    const functions = answering((batch) => failing(...batch.map((each) => each.messageId)));
    const { queue, clock } = start(functions, { redeliveryMs: 500 });
    send(queue, 'a', 'a1');
    await clock.advance(499);
    const early = functions.batches.length;
    await clock.advance(1);
    const then = functions.batches.length;
    const held = new HeldFunction();
    const other = start(held, { redeliveryMs: 500 });
    const { messageId } = send(other.queue, 'a', 'a1');
    await other.clock.advance(0);
    other.queue.changeVisibility(held.batches[0]?.[0]?.receiptHandle ?? '', 100);
    held.answer(0, failing(messageId));

    await other.clock.advance(100);

    expect([early, then]).toEqual([1, 2]);
    expect(held.batches).toHaveLength(2);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['an empty list', { batchItemFailures: [] }],
    ['a null list', { batchItemFailures: null }],
  ])('takes %s for success', async (_, answer) => {
    const { queue, mappings } = start(answering(() => answer));
    send(queue, 'a', 'a1');

    await mappings.idle();

    expect([...queue.waiting, ...queue.inFlight]).toEqual([]);
  });

  test.each([
    ['an unknown id', failing('unknown')],
    ['an empty id', failing('')],
    ['a null id', failing(null)],
    ['a misspelled key of an id', { batchItemFailures: [{ itemId: 'x' }] }],
    ['a misspelled key of the list', { batchItemsFailures: [] }],
    ['a list that is none', { batchItemFailures: 'x' }],
    ['a text', 'done'],
  ])('takes %s for the failure of the whole batch', async (_, answer) => {
    const { queue, mappings, failures } = start(answering(() => answer));
    send(queue, 'a', 'a1');
    send(queue, 'b', 'b1');

    await mappings.idle();

    expect(bodies(queue.inFlight)).toEqual(['a1', 'b1']);
    expect(failures).toMatchObject([{ messageIds: [expect.any(String), expect.any(String)] }]);
  });

  test('keeps the whole batch when the function throws', async () => {
    const failure = new FunctionFailure('timeout', 'Sandbox.Timedout', 'timed out');
    const functions = answering(() => {
      throw failure;
    });
    const { queue, mappings, failures } = start(functions);
    send(queue, 'a', 'a1');
    send(queue, 'a', 'a2');

    await mappings.idle();

    expect(bodies(queue.inFlight)).toEqual(['a1', 'a2']);
    expect(failures).toMatchObject([{ error: failure }]);
  });

  test('ignores the list of a function that was not set to report failures', async () => {
    const functions = answering(([first]) => failing(first?.messageId));
    const { queue, mappings } = start(functions, { mapping: { FunctionResponseTypes: [] } });
    send(queue, 'a', 'a1');

    await mappings.idle();

    expect([...queue.waiting, ...queue.inFlight]).toEqual([]);
  });

  test('sets a message aside after its last receive and goes on with the group', async () => {
    const functions = answering(([first]) =>
      first?.body === 'bad' ? failing(first.messageId) : null,
    );
    const { queue, deadLetters, clock } = start(functions, { mapping: { BatchSize: 1 } });
    send(queue, 'a', 'bad');
    send(queue, 'a', 'good');

    await clock.advance(3 * MINUTE_MS);

    expect(functions.batches).toEqual([['bad'], ['bad'], ['bad'], ['good']]);
    expect(bodies(deadLetters.waiting)).toEqual(['bad']);
  });

  test('delivers again what a slow function finished after its visibility timeout', async () => {
    const functions = new HeldFunction();
    const { queue, clock } = start(functions);
    send(queue, 'a', 'a1');
    await clock.advance(MINUTE_MS);

    functions.answer(0);
    await clock.advance(0);

    expect(functions.batches.map(bodies)).toEqual([['a1'], ['a1']]);
  });
});

describe('deliverTwice', () => {
  test('delivers a message again at once, before what follows in its group', async () => {
    const functions = answering(() => null);
    const { queue, mapping, mappings } = start(functions, { mapping: { BatchSize: 1 } });
    mapping.deliverTwice();
    send(queue, 'a', 'a1');
    send(queue, 'a', 'a2');

    await mappings.idle();

    expect(functions.batches).toEqual([['a1'], ['a1'], ['a2']]);
    expect([...queue.waiting, ...queue.inFlight]).toEqual([]);
  });
});

describe('startEventSourceMappings', () => {
  test('refuses to start when a role lacks a permission, naming each', () => {
    const permits = (_: string, action: string) => action === 'sqs:ReceiveMessage';

    const starting = () => start(new HeldFunction(), { permits });

    expect(starting).toThrow(`${FUNCTION_ARN} may not sqs:DeleteMessage on ${QUEUE_ARN}`);
    expect(starting).toThrow('may not sqs:GetQueueAttributes');
    expect(starting).not.toThrow('may not sqs:ReceiveMessage');
  });

  test('asks for just the actions of a mapping, on its queue', () => {
    const asked: string[] = [];
    const permits = (...question: string[]) => asked.push(question.join(' ')) > 0;

    start(new HeldFunction(), { permits });

    expect(asked).toEqual(
      ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
        (action) => `${FUNCTION_ARN} sqs:${action} ${QUEUE_ARN}`,
      ),
    );
  });

  test.each([
    ['a batch above 10', { mapping: { BatchSize: 11 } }, 'BatchSize'],
    ['a concurrency of 1', { mapping: { ScalingConfig: { MaximumConcurrency: 1 } } }, '2 to 1000'],
    ['a batching window', { mapping: { MaximumBatchingWindowInSeconds: 1 } }, 'not emulated'],
    ['a filter', { mapping: { FilterCriteria: {} } }, 'FilterCriteria is not emulated'],
    ['an absent function', { mapping: { FunctionName: 'Other' } }, 'function is absent'],
    ['an absent queue', { mapping: { EventSourceArn: 'arn:other' } }, 'no queue arn:other'],
    ['a visibility timeout below the function’s', { queue: { VisibilityTimeout: 9 } }, 'shorter'],
  ])('refuses %s', (_, options, reason) => {
    expect(() => start(new HeldFunction(), options)).toThrow(reason);
  });

  test('leaves a disabled mapping alone', () => {
    const assembly = anAssembly(...queueResources(), ...mappingResources({ Enabled: false }));
    const queues = createQueues(assembly, { clock: new ManualClock() });

    const mappings = startEventSourceMappings({ assembly, queues, functions: new HeldFunction() });

    expect(mappings.all).toEqual([]);
  });

  test('waits for running batches when it closes and takes no further message', async () => {
    const functions = new HeldFunction();
    const { queue, clock, mappings } = start(functions);
    send(queue, 'a', 'a1');
    await clock.advance(0);
    let closed = false;
    const closing = mappings.close().then(() => {
      closed = true;
    });
    send(queue, 'b', 'b1');
    await clock.advance(0);
    const whileRunning = closed;

    functions.answer(0);
    await closing;

    expect(whileRunning).toBe(false);
    expect(functions.batches).toHaveLength(1);
    expect(bodies(queue.waiting)).toEqual(['b1']);
  });
});
