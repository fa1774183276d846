import { createQueues } from '#local/emulators/sqs/queues';
import { ManualClock } from '#test/support/manual-clock';
import { anAssembly, aQueueResource, DEAD_ARN, QUEUE_ARN } from '#test/support/queue-fixtures';

const create = (...resources: ReturnType<typeof aQueueResource>[]) =>
  createQueues(anAssembly(...resources), { clock: new ManualClock() });

const redriving = (properties = {}) =>
  aQueueResource('ToFlex.fifo', {
    RedrivePolicy: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 3, ...properties },
  });

describe('createQueues', () => {
  test('reads what the template configures', () => {
    const queues = create(
      aQueueResource('ToFlex.fifo', { VisibilityTimeout: 90, DeduplicationScope: 'messageGroup' }),
    );

    expect(queues.byArn(QUEUE_ARN).settings).toMatchObject({
      visibilityTimeoutMs: 90_000,
      deduplicationScope: 'messageGroup',
      contentBasedDeduplication: false,
      retentionMs: 345_600_000,
      maxMessageBytes: 1_048_576,
    });
  });

  test('refuses a dead-letter queue of the other kind', () => {
    const deadLetterTargetArn = DEAD_ARN.replace('.fifo', '');
    const standard = aQueueResource('DeadLetters');

    expect(() => create(redriving({ deadLetterTargetArn }), standard)).toThrow('of the same kind');
  });

  test.each([
    ['ToFlex.fifo', { DelaySeconds: 5 }],
    ['Timers', { ContentBasedDeduplication: true }],
    ['Timers', { Retries: 3 }],
  ])('refuses a property that this kind of queue does not have: %s %j', (name, properties) => {
    const [property] = Object.keys(properties);

    expect(() => create(aQueueResource(name, properties))).toThrow(`${property} is not emulated`);
  });

  test('refuses a name that belongs to the other kind', () => {
    expect(() => create(aQueueResource('ToFlex', { FifoQueue: true }))).toThrow('ends in .fifo');
  });

  test('refuses dead letters without a queue for them', () => {
    expect(() => create(redriving())).toThrow('is absent');
  });

  test.each([
    [{ redrivePermission: 'denyAll' }],
    [{ redrivePermission: 'byQueue', sourceQueueArns: [DEAD_ARN] }],
  ])('refuses a dead-letter queue that does not admit its source: %j', (RedriveAllowPolicy) => {
    const deadLetters = aQueueResource('DeadLetters.fifo', { RedriveAllowPolicy });

    expect(() => create(redriving(), deadLetters)).toThrow('does not admit');
  });

  test('takes a dead-letter queue that names its source', () => {
    const queues = create(
      redriving(),
      aQueueResource('DeadLetters.fifo', {
        RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [QUEUE_ARN] },
      }),
    );

    expect(queues.byArn(QUEUE_ARN).deadLetters).toBe(queues.byArn(DEAD_ARN));
  });

  test('refuses a receive count that SQS does not know', () => {
    const deadLetters = aQueueResource('DeadLetters.fifo');

    expect(() => create(redriving({ maxReceiveCount: 0 }), deadLetters)).toThrow('1 to 1000');
  });
});
