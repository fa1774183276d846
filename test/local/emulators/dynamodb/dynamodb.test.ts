import { mkdtemp, rm } from 'node:fs/promises';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { AbstractLevel } from 'abstract-level';
import { type DynamoDb, startDynamoDb } from '#local/emulators/dynamodb/start';
import { awsCall, serveAws } from '#test/support/aws-endpoint';
import { ManualClock } from '#test/support/manual-clock';
import { anAssembly, aResource } from '#test/support/queue-fixtures';

const TABLE = 'Sessions';
const TABLE_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/Sessions';
const MINUTE_MS = 60_000;

const aTable = (overrides: Record<string, unknown> = {}) =>
  aResource('AWS::DynamoDB::GlobalTable', TABLE, {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    Replicas: [{ Region: 'us-east-1' }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    ...overrides,
  });

const key = (sk: string, pk = 'SESSION#1') => ({ pk: { S: pk }, sk: { S: sk } });

async function serve(dynamodb: DynamoDb) {
  const endpoint = await serveAws(dynamodb.service);
  const client = new DynamoDBClient(endpoint.client);
  return {
    client,
    close: async () => {
      client.destroy();
      await endpoint.close();
      await dynamodb.close();
    },
  };
}

describe('the table', () => {
  const clock = new ManualClock();
  let dynamodb: DynamoDb;
  let db: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    dynamodb = await startDynamoDb({ assembly: anAssembly(aTable()), clock });
    db = await serve(dynamodb);
  });

  afterAll(() => db.close());

  test('shows every item to whoever holds the emulator, although no role may scan', async () => {
    // Together more than one page of 1 MB.
    const text = { S: 'x'.repeat(300_000) };
    for (let i = 0; i < 5; i += 1) {
      const Item = { ...key(`PART#${i}`, 'BIG'), text };
      await db.client.send(new PutItemCommand({ TableName: TABLE, Item }));
    }

    const items = await dynamodb.items();

    expect(items.filter(({ pk }) => pk?.S === 'BIG')).toHaveLength(5);
  });

  test('puts, updates on a condition, queries and deletes', async () => {
    await db.client.send(
      new PutItemCommand({ TableName: TABLE, Item: { ...key('SESSION'), chat: { N: '1' } } }),
    );
    await db.client.send(new PutItemCommand({ TableName: TABLE, Item: key('PROFILE') }));

    const updated = await db.client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: key('SESSION'),
        UpdateExpression: 'SET ids = list_append(if_not_exists(ids, :none), :id)',
        ConditionExpression: 'chat = :chat',
        ExpressionAttributeValues: {
          ':none': { L: [] },
          ':id': { L: [{ S: 'm1' }] },
          ':chat': { N: '1' },
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    await db.client.send(new DeleteItemCommand({ TableName: TABLE, Key: key('PROFILE') }));
    const { Items } = await db.client.send(
      new QueryCommand({
        TableName: TABLE,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'SESSION#1' } },
      }),
    );

    expect(updated.Attributes).toMatchObject({ ids: { L: [{ S: 'm1' }] } });
    expect(Items).toEqual([updated.Attributes]);
  });

  test('keeps text that is more than ASCII, and empty text', async () => {
    const item = { ...key('PROFILE', 'SESSION#2'), name: { S: 'Zoë 🎈' }, page: { S: '' } };

    await db.client.send(new PutItemCommand({ TableName: TABLE, Item: item }));
    const { Item } = await db.client.send(
      new GetItemCommand({ TableName: TABLE, Key: key('PROFILE', 'SESSION#2') }),
    );

    expect(Item).toEqual(item);
  });

  test('refuses a write whose condition fails', async () => {
    const writing = db.client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: key('SESSION', 'SESSION#none'),
        UpdateExpression: 'SET chat = :one',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );

    await expect(writing).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  test.each([
    [
      'transactions',
      new TransactWriteItemsCommand({
        TransactItems: [{ Put: { TableName: TABLE, Item: key('T') } }],
      }),
    ],
    [
      'batches',
      new BatchWriteItemCommand({
        RequestItems: { [TABLE]: [{ PutRequest: { Item: key('B') } }] },
      }),
    ],
  ])('refuses %s, which it cannot do as DynamoDB does', async (_, command) => {
    const writing = db.client.send(command as TransactWriteItemsCommand);

    await expect(writing).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  test('refuses to return the item of a failed condition instead of leaving it out', async () => {
    const writing = db.client.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: key('SESSION'),
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );

    await expect(writing).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('leaves nothing open behind a query', async () => {
    const query = new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'SESSION#1' } },
    });
    const opened = jest.spyOn(AbstractLevel.prototype, 'attachResource');
    const closed = jest.spyOn(AbstractLevel.prototype, 'detachResource');

    for (let n = 0; n < 20; n += 1) await db.client.send(query);
    await setImmediate();

    expect(opened.mock.calls.length).toBeGreaterThanOrEqual(20);
    expect(closed).toHaveBeenCalledTimes(opened.mock.calls.length);
  });

  test('answers an unknown operation with an error of its own', async () => {
    const answer = await dynamodb.service.handle(
      awsCall('DynamoDB_20120810.Scan', { TableName: TABLE }),
    );

    expect(answer).toMatchObject({
      status: 400,
      body: expect.stringContaining('UnknownOperationException'),
    });
  });

  test.each(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'])(
    'asks for %s on the table',
    (action) => {
      const call = awsCall(`DynamoDB_20120810.${action}`, { TableName: TABLE });

      expect(dynamodb.service.permissionFor(call)).toEqual({
        action: `dynamodb:${action}`,
        resource: TABLE_ARN,
      });
    },
  );

  test('takes the table’s ARN for its name when it asks', () => {
    const call = awsCall('DynamoDB_20120810.GetItem', { TableName: TABLE_ARN });

    expect(dynamodb.service.permissionFor(call)?.resource).toBe(TABLE_ARN);
  });

  test('has no permission for what is not emulated', () => {
    const { service } = dynamodb;

    expect(service.permissionFor(awsCall('DynamoDB_20120810.DeleteTable', {}))).toBeUndefined();
    expect(service.permissionFor(awsCall('AmazonSQS.GetItem', {}))).toBeUndefined();
  });
});

describe('expiry', () => {
  async function aTableWith(items: Record<string, { N: string } | { S: string }>) {
    const clock = new ManualClock();
    const dynamodb = await startDynamoDb({ assembly: anAssembly(aTable()), clock });
    const db = await serve(dynamodb);
    for (const [sk, expiresAt] of Object.entries(items)) {
      const Item = { ...key(sk), expiresAt };
      await db.client.send(new PutItemCommand({ TableName: TABLE, Item }));
    }
    const left = async () => {
      const { Items = [] } = await db.client.send(
        new QueryCommand({
          TableName: TABLE,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: 'SESSION#1' } },
        }),
      );
      return Items.map(({ sk }) => sk?.S);
    };
    return { clock, dynamodb, left, close: db.close };
  }

  const inSeconds = (ms: number) => ({ N: String((new ManualClock().now() + ms) / 1_000) });

  test('leaves an expired item readable for minutes, then deletes it', async () => {
    const { clock, dynamodb, left, close } = await aTableWith({
      due: inSeconds(MINUTE_MS),
      later: inSeconds(60 * MINUTE_MS),
    });
    await clock.advance(6 * MINUTE_MS - 1_000);
    await dynamodb.sweep();
    const early = await left();

    await clock.advance(1_000);
    await dynamodb.sweep();

    expect(early).toEqual(['due', 'later']);
    expect(await left()).toEqual(['later']);
    await close();
  });

  test('leaves items alone that have no time, no number, or expired five years ago', async () => {
    const { clock, dynamodb, left, close } = await aTableWith({
      ancient: inSeconds(-6 * 365 * 24 * 60 * MINUTE_MS),
      text: { S: '1' },
    });

    await clock.advance(10 * MINUTE_MS);
    await dynamodb.sweep();

    expect(await left()).toEqual(['ancient', 'text']);
    await close();
  });

  test('sweeps by itself, and no more once closed', async () => {
    const { clock, left, close } = await aTableWith({ due: inSeconds(0) });

    await clock.advance(5 * MINUTE_MS);
    while ((await left()).length > 0) await clock.advance(MINUTE_MS);
    await close();

    expect(clock.pending).toBe(0);
  });
});

describe('a table that is closed', () => {
  const manyQueries = (dynamodb: DynamoDb) =>
    Array.from({ length: 200 }, () =>
      dynamodb.service.handle(
        awsCall('DynamoDB_20120810.Query', {
          TableName: TABLE,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: 'SESSION#1' } },
        }),
      ),
    );

  test.each(['in memory', 'in files'])('lets the calls under way end first, %s', async (place) => {
    const directory = await mkdtemp(path.join(tmpdir(), 'tables-'));
    const dynamodb = await startDynamoDb({
      assembly: anAssembly(aTable()),
      clock: new ManualClock(),
      ...(place === 'in files' && { path: directory }),
    });
    for (let i = 0; i < 50; i += 1) {
      const Item = key(`CONNECTION#${i}`);
      await dynamodb.service.handle(
        awsCall('DynamoDB_20120810.PutItem', { TableName: TABLE, Item }),
      );
    }
    const answers = manyQueries(dynamodb);
    const sweeping = dynamodb.sweep();

    await dynamodb.close();

    for (const { status, body } of await Promise.all(answers)) {
      expect({ status, count: JSON.parse(String(body)).Count }).toEqual({ status: 200, count: 50 });
    }
    await sweeping;
    await rm(directory, { recursive: true });
  });

  test('takes no further call', async () => {
    const dynamodb = await startDynamoDb({
      assembly: anAssembly(aTable()),
      clock: new ManualClock(),
    });
    await dynamodb.close();

    for (const late of manyQueries(dynamodb)) {
      await expect(late).rejects.toThrow('the table is closed');
    }
  });

  test('has no port of its own', async () => {
    const listening = jest.spyOn(Server.prototype, 'listen');

    const dynamodb = await startDynamoDb({
      assembly: anAssembly(aTable()),
      clock: new ManualClock(),
    });

    expect(listening).not.toHaveBeenCalled();
    await dynamodb.close();
  });
});

describe('startDynamoDb', () => {
  test('keeps items in a directory over a restart', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'tables-'));
    const options = {
      assembly: anAssembly(aTable()),
      path: path.join(directory, 'not', 'there'),
      clock: new ManualClock(),
    };
    const first = await serve(await startDynamoDb(options));
    await first.client.send(new PutItemCommand({ TableName: TABLE, Item: key('SESSION') }));
    await first.close();

    const second = await serve(await startDynamoDb(options));
    const { Item } = await second.client.send(
      new GetItemCommand({ TableName: TABLE, Key: key('SESSION') }),
    );
    await second.close();

    expect(Item).toEqual(key('SESSION'));
    await rm(directory, { recursive: true });
  });

  test('refuses a kept table with other keys', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'tables-'));
    const clock = new ManualClock();
    const kept = await startDynamoDb({ assembly: anAssembly(aTable()), path: directory, clock });
    await kept.close();
    const other = aTable({
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    });

    const starting = startDynamoDb({ assembly: anAssembly(other), path: directory, clock });

    await expect(starting).rejects.toThrow('other keys');
    await rm(directory, { recursive: true });
  });

  test.each([
    ['a secondary index', { GlobalSecondaryIndexes: [] }, 'GlobalSecondaryIndexes is not emulated'],
    ['a stream', { StreamSpecification: {} }, 'StreamSpecification is not emulated'],
    ['provisioned capacity', { BillingMode: 'PROVISIONED' }, 'on-demand only'],
  ])('refuses %s', async (_, overrides, reason) => {
    await expect(startDynamoDb({ assembly: anAssembly(aTable(overrides)) })).rejects.toThrow(
      reason,
    );
  });
});
