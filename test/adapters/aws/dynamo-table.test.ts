import { DynamoTable } from '#adapters/aws/dynamo-table';
import {
  type HttpStub,
  type StubBehaviour,
  startHttpStub,
  useAwsEndpoint,
} from '#test/support/http-stub';

const KEY = { pk: 'SESSION#1', sk: 'SESSION' };
const UPDATE = { expression: 'SET a = :a', condition: 'a <> :a', values: { ':a': 1 } };

let answer: StubBehaviour;
let stub: HttpStub;

beforeAll(async () => {
  stub = await startHttpStub(() => answer);
  useAwsEndpoint(stub.url);
});

beforeEach(() => {
  stub.requests.length = 0;
});

afterAll(() => stub.stop());

const succeed = (output: object) => ({ status: 200, body: JSON.stringify(output) });
const fail = (type: string, status = 400) => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}` }),
});
const sent = () => stub.requests.map(({ body }) => JSON.parse(body));

const OPERATIONS: readonly [string, (table: DynamoTable) => Promise<unknown>][] = [
  ['PutItem', (table) => table.put(KEY)],
  ['DeleteItem', (table) => table.delete(KEY)],
  ['GetItem', (table) => table.get(KEY)],
  ['Query', (table) => table.query(KEY.pk)],
  ['UpdateItem', (table) => table.update(KEY, UPDATE)],
];

describe('DynamoTable', () => {
  test.each(OPERATIONS)(
    'sends %s, signed, to the endpoint of the environment',
    async (name, run) => {
      answer = succeed({});

      await run(new DynamoTable('Sessions'));

      expect(stub.requests).toHaveLength(1);
      expect(stub.requests[0]?.headers['x-amz-target']).toBe(`DynamoDB_20120810.${name}`);
      expect(stub.requests[0]?.headers.authorization).toMatch(/\/dynamodb\/aws4_request/);
      expect(sent()[0].TableName).toBe('Sessions');
    },
  );

  test.each(OPERATIONS)('translates a refused %s and keeps the cause', async (name, run) => {
    answer = fail('AccessDeniedException');

    await expect(run(new DynamoTable('Sessions'))).rejects.toMatchObject({
      code: 'MISCONFIGURED',
      message: `dynamodb ${name}: AccessDeniedException`,
      cause: { name: 'AccessDeniedException' },
    });
  });

  test.each([
    ['MISCONFIGURED', 'ResourceNotFoundException', 400, 1],
    ['MISCONFIGURED', 'UnrecognizedClientException', 400, 1],
    ['UPSTREAM_REFUSED', 'ValidationException', 400, 1],
    ['UPSTREAM_UNAVAILABLE', 'ProvisionedThroughputExceededException', 400, 3],
    ['UPSTREAM_UNAVAILABLE', 'ThrottlingException', 400, 3],
    ['UPSTREAM_UNAVAILABLE', 'InternalServerError', 500, 3],
  ])('rejects with %s on %s (%d) after %d tries', async (code, type, status, tries) => {
    answer = fail(type, status);

    await expect(new DynamoTable('Sessions').get(KEY)).rejects.toMatchObject({ code });
    expect(stub.requests).toHaveLength(tries);
  });

  test('reads strongly consistently', async () => {
    answer = succeed({});
    const table = new DynamoTable('Sessions');

    await table.get(KEY);
    await table.query(KEY.pk);

    expect(sent()).toMatchObject([{ ConsistentRead: true }, { ConsistentRead: true }]);
  });

  test('answers an update with undefined when its condition did not hold', async () => {
    answer = fail('ConditionalCheckFailedException');

    expect(await new DynamoTable('Sessions').update(KEY, UPDATE)).toBeUndefined();
  });

  test('answers an update with the item as it is now', async () => {
    answer = succeed({ Attributes: { pk: { S: 'SESSION#1' }, a: { N: '1' } } });

    expect(await new DynamoTable('Sessions').update(KEY, UPDATE)).toEqual({
      pk: 'SESSION#1',
      a: 1,
    });
    expect(sent()).toMatchObject([{ ReturnValues: 'ALL_NEW' }]);
  });

  test('answers with undefined for an item that is not there', async () => {
    answer = succeed({});

    expect(await new DynamoTable('Sessions').get(KEY)).toBeUndefined();
  });
});
