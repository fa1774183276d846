import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { EventSourceMapping } from '#local/emulators/sqs/event-source-mapping';
import type { LocalQueue } from '#local/emulators/sqs/local-queue';
import { MemoryQueueStore, type QueueStore } from '#local/emulators/sqs/queue-store';
import { createQueues } from '#local/emulators/sqs/queues';
import { serveAws } from '#test/support/aws-endpoint';
import { ManualClock } from '#test/support/manual-clock';
import { anAssembly, aQueueResource, bodies, countingRandom } from '#test/support/queue-fixtures';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:Timers';
const DEAD_ARN = 'arn:aws:sqs:us-east-1:000000000000:DeadLetters';
const URL = 'https://sqs.us-east-1.amazonaws.com/000000000000/Timers';
const SECOND_MS = 1_000;

function aStandardQueue(properties: object = {}, store: QueueStore = new MemoryQueueStore()) {
  const clock = new ManualClock();
  const queues = createQueues(
    anAssembly(
      aQueueResource('Timers', {
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 2 },
        ...properties,
      }),
      aQueueResource('DeadLetters'),
    ),
    { clock, random: countingRandom(), store },
  );
  return { clock, queues, queue: queues.byArn(ARN), deadLetters: queues.byArn(DEAD_ARN) };
}

const send = (queue: LocalQueue, body: string, delayMs?: number) =>
  queue.send({ body, attributes: {}, ...(delayMs !== undefined && { delayMs }) });

describe('a standard queue', () => {
  test('gives a message out only once its delay is over, and tells of it then', async () => {
    const { queue, clock } = aStandardQueue();
    send(queue, 'late', 900 * SECOND_MS);
    send(queue, 'now');

    const first = bodies(queue.receive({ max: 10 }));
    const told = jest.fn();
    queue.onChange(told);
    await clock.advance(899 * SECOND_MS);
    const early = bodies(queue.delayed);
    told.mockClear();
    await clock.advance(SECOND_MS);

    expect([first, early]).toEqual([['now'], ['late']]);
    expect(told).toHaveBeenCalled();
    expect(bodies(queue.receive({ max: 10 }))).toContain('late');
  });

  test('counts what is held back apart from what is in flight', () => {
    const { queue } = aStandardQueue();
    send(queue, 'late', SECOND_MS);
    send(queue, 'now');
    queue.receive({ max: 10 });

    expect(bodies(queue.delayed)).toEqual(['late']);
    expect(bodies(queue.inFlight)).toEqual(['now']);
  });

  test('holds every message back that says nothing else, if it is configured to', async () => {
    const { queue, clock } = aStandardQueue({ DelaySeconds: 5 });
    send(queue, 'as configured');
    send(queue, 'at once', 0);

    const before = bodies(queue.receive({ max: 10 }));
    await clock.advance(5 * SECOND_MS);

    expect(before).toEqual(['at once']);
    expect(bodies(queue.receive({ max: 10 }))).toEqual(['as configured']);
  });

  test('blocks nothing while a message is in flight', () => {
    const { queue } = aStandardQueue();
    send(queue, '1');
    send(queue, '2');

    expect(bodies(queue.receive({ max: 1 }))).toEqual(['1']);
    expect(bodies(queue.receive({ max: 1 }))).toEqual(['2']);
  });

  test('stores what is sent twice twice', () => {
    const { queue } = aStandardQueue();
    send(queue, 'same');
    send(queue, 'same');

    expect(queue.waiting).toHaveLength(2);
  });

  test('dead-letters what was received too often, with the time at which it was sent', async () => {
    const { queue, deadLetters, clock } = aStandardQueue();
    send(queue, 'poison');
    const sentAtMs = clock.now();
    for (let time = 0; time < 3; time += 1) {
      queue.receive({ max: 1 });
      await clock.advance(61 * SECOND_MS);
    }

    expect(deadLetters.waiting).toMatchObject([{ body: 'poison', sentAtMs }]);
    expect(queue.waiting).toEqual([]);
  });

  test('goes on holding back after a restart', async () => {
    const store = new MemoryQueueStore();
    send(aStandardQueue({}, store).queue, 'late', 30 * SECOND_MS);

    const { queue, clock } = aStandardQueue({}, store);
    const before = queue.hasReceivable();
    await clock.advance(30 * SECOND_MS);

    expect([before, queue.hasReceivable()]).toEqual([false, true]);
  });

  test('feeds a function once a delay is over, and again what failed', async () => {
    const { queue, clock } = aStandardQueue();
    const heard: string[] = [];
    const functions = {
      invoke: async (_arn: string, event: unknown) => {
        const { Records } = event as { Records: { body: string; attributes: object }[] };
        heard.push(...Records.map(({ body }) => body));
        expect(Records[0]?.attributes).not.toHaveProperty('MessageGroupId');
        if (heard.length === 1) throw new Error('died');
        return {};
      },
    };
    const mapping = new EventSourceMapping(
      { functionArn: 'f', queue, batchSize: 10, maximumConcurrency: 2, reportsFailures: true },
      functions,
    );
    send(queue, 'timer', 10 * SECOND_MS);

    await clock.advance(9 * SECOND_MS);
    const early = [...heard];
    await clock.advance(SECOND_MS);
    await mapping.idle();
    await clock.advance(60 * SECOND_MS);
    await mapping.idle();

    expect(early).toEqual([]);
    expect(heard).toEqual(['timer', 'timer']);
    expect([queue.waiting, queue.inFlight]).toEqual([[], []]);
  });
});

describe('a standard queue through the SDK', () => {
  let stack: ReturnType<typeof aStandardQueue>;
  let endpoint: Awaited<ReturnType<typeof serveAws>>;
  let sqs: SQSClient;

  beforeEach(async () => {
    stack = aStandardQueue();
    endpoint = await serveAws(stack.queues.service);
    sqs = new SQSClient(endpoint.client);
  });
  afterEach(async () => {
    sqs.destroy();
    stack.queues.close();
    await endpoint.close();
  });

  const sending = (input: Partial<SendMessageCommandInput>) =>
    sqs.send(new SendMessageCommand({ QueueUrl: URL, MessageBody: 'timer', ...input }));

  test('takes a delay, and describes itself without what FIFO queues have', async () => {
    const sent = await sending({ DelaySeconds: 900 });
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: URL, AttributeNames: ['All'] }),
    );

    expect(sent.SequenceNumber).toBeUndefined();
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '1',
      ApproximateNumberOfMessagesNotVisible: '0',
      DelaySeconds: '0',
    });
    expect(Attributes).not.toHaveProperty('FifoQueue');
    expect(Attributes).not.toHaveProperty('DeduplicationScope');
  });

  test.each<[string, Partial<SendMessageCommandInput>]>([
    ['a delay above 15 minutes', { DelaySeconds: 901 }],
    ['a delay that is negative', { DelaySeconds: -1 }],
    ['a delay in parts of a second', { DelaySeconds: 1.5 }],
    ['a deduplication id', { MessageDeduplicationId: 'm1' }],
  ])('refuses %s', async (_, input) => {
    await expect(sending(input)).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
    expect(stack.queue.delayed).toEqual([]);
  });

  test('says that it does not emulate message groups', async () => {
    await expect(sending({ MessageGroupId: 'a' })).rejects.toThrow('is not emulated');
  });

  test('deletes by the handle of a delivery that is over, but does not hide by it', async () => {
    await sending({});
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: URL, MessageSystemAttributeNames: ['All'] }),
    );
    await stack.clock.advance(61 * SECOND_MS);
    const handle = { QueueUrl: URL, ReceiptHandle: message?.ReceiptHandle };

    await expect(
      sqs.send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 10 })),
    ).rejects.toMatchObject({ Code: 'InvalidParameterValue' });
    await sqs.send(new DeleteMessageCommand(handle));

    expect(message?.Attributes).not.toHaveProperty('SequenceNumber');
    expect(stack.queue.waiting).toEqual([]);
  });
});
