import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createQueues } from '#local/emulators/sqs/queues';
import { awsCall, serveAws } from '#test/support/aws-endpoint';
import { ManualClock } from '#test/support/manual-clock';
import {
  anAssembly,
  aQueue,
  aQueueResource,
  bodies,
  QUEUE_ARN,
  QUEUE_URL,
  send,
} from '#test/support/queue-fixtures';

const MEBIBYTE = 1_048_576;
const A_MESSAGE = {
  QueueUrl: QUEUE_URL,
  MessageBody: 'hello',
  MessageGroupId: 'a',
  MessageDeduplicationId: 'm1',
};

describe('through the SDK', () => {
  const { queues, queue, clock } = aQueue();
  let endpoint: Awaited<ReturnType<typeof serveAws>>;
  let sqs: SQSClient;

  beforeAll(async () => {
    endpoint = await serveAws(queues.service);
    sqs = new SQSClient(endpoint.client);
  });

  beforeEach(() => queue.purge());

  afterAll(async () => {
    sqs.destroy();
    queues.close();
    await endpoint.close();
  });

  test('sends with a checksum that the SDK accepts, receives and deletes', async () => {
    const sent = await sqs.send(
      new SendMessageCommand({
        ...A_MESSAGE,
        MessageBody: 'grüße 🎈',
        MessageDeduplicationId: 'i',
      }),
    );
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: QUEUE_URL,
        MessageSystemAttributeNames: ['MessageGroupId', 'SequenceNumber'],
      }),
    );
    await sqs.send(
      new DeleteMessageCommand({ QueueUrl: QUEUE_URL, ReceiptHandle: message?.ReceiptHandle }),
    );

    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'grüße 🎈',
      Attributes: { MessageGroupId: 'a', SequenceNumber: sent.SequenceNumber },
    });
    expect(queue.inFlight).toEqual([]);
  });

  test('carries message attributes with their digest', async () => {
    const sent = await sqs.send(
      new SendMessageCommand({
        ...A_MESSAGE,
        MessageDeduplicationId: 'with-attributes',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'message' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2, 3]) },
        },
      }),
    );
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: QUEUE_URL, MessageAttributeNames: ['All'] }),
    );

    expect(message?.MessageAttributes?.['kind']?.StringValue).toBe('message');
    expect([...(message?.MessageAttributes?.['bytes']?.BinaryValue ?? [])]).toEqual([1, 2, 3]);
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  });

  test('refuses single entries of a batch and accepts the others', async () => {
    const entry = (Id: string, MessageBody: string) => ({
      Id,
      MessageBody,
      MessageGroupId: 'a',
      MessageDeduplicationId: `batch-${Id}`,
    });

    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: QUEUE_URL,
        Entries: [entry('1', 'one'), entry('2', 'bad \u0000'), entry('3', 'three')],
      }),
    );

    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['1', '3']);
    expect(answer.Failed).toMatchObject([{ Id: '2', Code: 'InvalidMessageContents' }]);
    expect(bodies(queue.waiting)).toEqual(['one', 'three']);
  });

  test('deletes in batches and changes visibility', async () => {
    send(queue, 'a', 'a1');
    send(queue, 'b', 'b1');
    const { Messages: [first, second] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: QUEUE_URL, MaxNumberOfMessages: 10 }),
    );

    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: QUEUE_URL,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: QUEUE_URL,
        Entries: [
          { Id: 'expired', ReceiptHandle: first?.ReceiptHandle },
          { Id: 'held', ReceiptHandle: second?.ReceiptHandle },
        ],
      }),
    );

    expect(deleted.Successful).toEqual([{ Id: 'held' }]);
    expect(deleted.Failed).toMatchObject([{ Id: 'expired', Code: 'InvalidParameterValue' }]);
    expect(bodies(queue.waiting)).toEqual(['a1']);
  });

  test('describes a queue', async () => {
    send(queue, 'a', 'a1');
    send(queue, 'b', 'b1');
    queue.receive({ max: 1 });

    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'ToFlex.fifo' }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );

    expect(QueueUrl).toBe(QUEUE_URL);
    expect(Attributes).toMatchObject({
      QueueArn: QUEUE_ARN,
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      VisibilityTimeout: '60',
      FifoQueue: 'true',
    });
  });

  test('empties a queue', async () => {
    send(queue, 'a', 'a1');

    await sqs.send(new PurgeQueueCommand({ QueueUrl: QUEUE_URL }));

    expect(queue.waiting).toEqual([]);
  });

  test('names an unknown queue with the error of its model and the code of the query protocol', async () => {
    const sending = sqs.send(
      new SendMessageCommand({ ...A_MESSAGE, QueueUrl: QUEUE_URL.replace('ToFlex', 'Other') }),
    );

    await expect(sending).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });

  test('answers a waiting receive as soon as a message comes', async () => {
    const receiving = sqs.send(
      new ReceiveMessageCommand({ QueueUrl: QUEUE_URL, WaitTimeSeconds: 20 }),
    );
    while (clock.pending === 0) await clock.advance(0);
    send(queue, 'a', 'a1');

    const { Messages } = await receiving;

    expect(Messages).toMatchObject([{ Body: 'a1' }]);
  });
});

describe('a waiting receive', () => {
  test('ends with nothing when its time is over', async () => {
    const { queues, clock } = aQueue();
    const receiving = queues.service.handle(
      awsCall('AmazonSQS.ReceiveMessage', { QueueUrl: QUEUE_URL, WaitTimeSeconds: 2 }),
    );
    let answered = false;
    void receiving.then(() => {
      answered = true;
    });

    await clock.advance(1_999);
    const early = answered;
    await clock.advance(1);

    expect(early).toBe(false);
    expect(await receiving).toMatchObject({ status: 200, body: '{}' });
    expect(clock.pending).toBe(0);
  });
});

describe('parameters', () => {
  const call = async (action: string, parameters: object, settings = {}) => {
    const queues = createQueues(anAssembly(aQueueResource('ToFlex.fifo', settings)), {
      clock: new ManualClock(),
    });
    const answer = await queues.service.handle(awsCall(`AmazonSQS.${action}`, parameters));
    return {
      status: answer.status,
      code: answer.headers?.['x-amzn-query-error'],
      body: JSON.parse(String(answer.body)),
    };
  };
  const without = (name: string) =>
    Object.fromEntries(Object.entries(A_MESSAGE).filter(([key]) => key !== name));
  const id129 = 'x'.repeat(129);

  test('accepts ids of 128 characters with every punctuation mark', async () => {
    const id = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'.padEnd(128, 'aZ9');

    const answer = await call('SendMessage', {
      ...A_MESSAGE,
      MessageGroupId: id,
      MessageDeduplicationId: id,
    });

    expect(answer.status).toBe(200);
  });

  test.each([
    ['no group', without('MessageGroupId'), 'MissingParameter;Sender'],
    ['no deduplication id', without('MessageDeduplicationId'), 'InvalidParameterValue;Sender'],
    ['no body', without('MessageBody'), 'MissingParameter;Sender'],
    ['an empty body', { ...A_MESSAGE, MessageBody: '' }, 'MissingParameter;Sender'],
    ['no queue', without('QueueUrl'), 'MissingParameter;Sender'],
    [
      'a blank in the group',
      { ...A_MESSAGE, MessageGroupId: 'a b' },
      'InvalidParameterValue;Sender',
    ],
    ['an umlaut in an id', { ...A_MESSAGE, MessageGroupId: 'ä' }, 'InvalidParameterValue;Sender'],
    ['a long group', { ...A_MESSAGE, MessageGroupId: id129 }, 'InvalidParameterValue;Sender'],
    ['a long id', { ...A_MESSAGE, MessageDeduplicationId: id129 }, 'InvalidParameterValue;Sender'],
    ['a delay', { ...A_MESSAGE, DelaySeconds: 1 }, 'InvalidParameterValue;Sender'],
    [
      'a control character',
      { ...A_MESSAGE, MessageBody: '\u0001' },
      'InvalidMessageContents;Sender',
    ],
    ['U+FFFF', { ...A_MESSAGE, MessageBody: '\uffff' }, 'InvalidMessageContents;Sender'],
    ['half a pair', { ...A_MESSAGE, MessageBody: '\ud83d' }, 'InvalidMessageContents;Sender'],
    [
      'an attribute without a value',
      { ...A_MESSAGE, MessageAttributes: { a: { DataType: 'String' } } },
      'InvalidParameterValue;Sender',
    ],
    [
      'an unknown parameter',
      { ...A_MESSAGE, MessageGroup: 'a' },
      'AWS.SimpleQueueService.UnsupportedOperation;Sender',
    ],
  ])('refuses a message with %s', async (_, parameters, code) => {
    const answer = await call('SendMessage', parameters);

    expect(answer).toMatchObject({ status: 400, code });
    expect(answer.body.__type).toMatch(/^com\.amazonaws\.sqs#/);
  });

  test('takes the content for a missing deduplication id when the queue says so', async () => {
    const answer = await call('SendMessage', without('MessageDeduplicationId'), {
      ContentBasedDeduplication: true,
    });

    expect(answer.status).toBe(200);
  });

  test.each([
    ['x'.repeat(MEBIBYTE), 200],
    ['x'.repeat(MEBIBYTE + 1), 400],
    ['ü'.repeat(MEBIBYTE / 2), 200],
    [`${'ü'.repeat(MEBIBYTE / 2)}x`, 400],
  ])('measures a message in bytes (case %#)', async (MessageBody, status) => {
    const answer = await call('SendMessage', { ...A_MESSAGE, MessageBody });

    expect(answer.status).toBe(status);
  });

  test('counts attributes as part of the message', async () => {
    const MessageBody = 'x'.repeat(1_024 - 'nameStringvalue'.length);
    const attributed = (StringValue: string) => ({
      ...A_MESSAGE,
      MessageBody,
      MessageAttributes: { name: { DataType: 'String', StringValue } },
    });

    const fitting = await call('SendMessage', attributed('value'), { MaximumMessageSize: 1_024 });
    const larger = await call('SendMessage', attributed('values'), { MaximumMessageSize: 1_024 });

    expect([fitting.status, larger.status]).toEqual([200, 400]);
  });

  const entries = (count: number, MessageBody = 'x') =>
    Array.from({ length: count }, (_, i) => ({
      Id: `e${i}`,
      MessageBody,
      MessageGroupId: 'a',
      MessageDeduplicationId: `d${i}`,
    }));

  test.each([
    ['none', [], 'EmptyBatchRequest'],
    ['eleven', entries(11), 'TooManyEntriesInBatchRequest'],
    ['two with one id', [...entries(1), ...entries(1)], 'BatchEntryIdsNotDistinct'],
    ['an id with a dot', [{ ...entries(1)[0], Id: 'a.b' }], 'InvalidBatchEntryId'],
    ['more than a mebibyte', entries(2, 'x'.repeat(MEBIBYTE / 2 + 1)), 'BatchRequestTooLong'],
  ])('refuses a batch of %s', async (_, Entries, code) => {
    const answer = await call('SendMessageBatch', { QueueUrl: QUEUE_URL, Entries });

    expect(answer).toMatchObject({
      status: 400,
      code: `AWS.SimpleQueueService.${code};Sender`,
    });
  });

  test.each([
    ['ReceiveMessage', { MaxNumberOfMessages: 11 }],
    ['ReceiveMessage', { MaxNumberOfMessages: 0 }],
    ['ReceiveMessage', { WaitTimeSeconds: 21 }],
    ['ReceiveMessage', { VisibilityTimeout: 43_201 }],
    ['ReceiveMessage', { ReceiveRequestAttemptId: 'x' }],
    ['ReceiveMessage', { AttributeNames: ['Nonsense'] }],
    ['GetQueueAttributes', { AttributeNames: ['Nonsense'] }],
    ['ChangeMessageVisibility', { ReceiptHandle: 'AQEBx' }],
    ['ChangeMessageVisibility', { ReceiptHandle: 'AQEBx', VisibilityTimeout: -1 }],
    ['DeleteMessage', { ReceiptHandle: 'nonsense' }],
    ['DeleteMessage', {}],
  ])('refuses %s with %j', async (action, parameters) => {
    const answer = await call(action, { QueueUrl: QUEUE_URL, ...parameters });

    expect(answer.status).toBe(400);
  });
});

describe('permissionFor', () => {
  const { queues } = aQueue();
  const permission = (target: string, parameters: object) =>
    queues.service.permissionFor(awsCall(target, parameters));

  test.each([
    ['SendMessage', 'sqs:SendMessage'],
    ['SendMessageBatch', 'sqs:SendMessage'],
    ['ReceiveMessage', 'sqs:ReceiveMessage'],
    ['DeleteMessage', 'sqs:DeleteMessage'],
    ['DeleteMessageBatch', 'sqs:DeleteMessage'],
    ['ChangeMessageVisibility', 'sqs:ChangeMessageVisibility'],
    ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
    ['GetQueueAttributes', 'sqs:GetQueueAttributes'],
    ['PurgeQueue', 'sqs:PurgeQueue'],
  ])('asks for %s', (action, expected) => {
    const asked = permission(`AmazonSQS.${action}`, { QueueUrl: QUEUE_URL });

    expect(asked).toEqual({ action: expected, resource: QUEUE_ARN });
  });

  test('finds the queue by name for GetQueueUrl', () => {
    const asked = permission('AmazonSQS.GetQueueUrl', { QueueName: 'ToFlex.fifo' });

    expect(asked).toEqual({ action: 'sqs:GetQueueUrl', resource: QUEUE_ARN });
  });

  test('names a queue that does not exist, so that a role decides about it first', () => {
    const asked = permission('AmazonSQS.SendMessage', { QueueUrl: 'https://x/1/Other.fifo' });

    expect(asked?.resource).toBe('arn:aws:sqs:us-east-1:000000000000:Other.fifo');
  });

  test('knows nothing of other services, actions and bodies', () => {
    const call = awsCall('AmazonSQS.SendMessage', {});

    expect(permission('DynamoDB_20120810.GetItem', {})).toBeUndefined();
    expect(permission('AmazonSQS.CreateQueue', { QueueName: 'x' })).toBeUndefined();
    expect(queues.service.permissionFor({ ...call, body: Buffer.from('[]') })).toBeUndefined();
    expect(queues.service.permissionFor({ ...call, method: 'GET' })).toBeUndefined();
  });
});
