import { request } from 'node:http';
import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SQS } from '@aws-sdk/client-sqs';
import type { AwsRequest, AwsService } from '#local/emulators/aws/aws-service';
import type { Caller } from '#local/emulators/aws/callers';
import { type FrontDoor, startFrontDoor } from '#local/emulators/aws/front-door';

/** A service whose every operation is `<name>:<operation>` on `arn:<name>`, and succeeds. */
function aService(
  name: string,
  answer: () => string = () => '{}',
): AwsService & { seen: AwsRequest[] } {
  const seen: AwsRequest[] = [];
  return {
    name,
    seen,
    permissionFor: ({ headers, path }) => {
      const operation = headers['x-amz-target']?.split('.')[1] ?? 'ManageConnections';
      return path.includes('/nowhere/')
        ? undefined
        : { action: `${name}:${operation}`, resource: `arn:${name}` };
    },
    handle: async (request) => {
      seen.push(request);
      return { status: 200, body: answer() };
    },
  };
}

const aCaller = (name: string, ...actions: string[]): Caller => ({
  name,
  accessKeyId: `AKIA${name}`,
  secretAccessKey: `secret-of-${name}`,
  statements: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const GRANTED = aCaller(
  'granted',
  'dynamodb:GetItem',
  'sqs:SendMessage',
  'secretsmanager:GetSecretValue',
  'execute-api:ManageConnections',
  'sns:*',
);
const STRANGER = aCaller('stranger');
const POORER = aCaller('poorer');

let door: FrontDoor;
let dynamodb: ReturnType<typeof aService>;
let connections: ReturnType<typeof aService>;

describe('a page in the browser', () => {
  test.each([
    ['of any origin', { origin: 'https://evil.example' }],
    ['of its own origin', { origin: 'SELF' }],
    ['of no origin', { origin: 'null' }],
    ['with an image', { 'sec-fetch-site': 'cross-site' }],
    ['under a name bent to this machine', { host: 'evil.example' }],
  ])('%s is refused before anything is read of it', async (_, headers) => {
    const own = 'origin' in headers && headers.origin === 'SELF' ? { origin: door.url } : headers;

    const { status, allowed } = await new Promise<{
      status?: number | undefined;
      allowed: unknown;
    }>((resolve, reject) => {
      const call = request(door.url, { method: 'OPTIONS', headers: own }, (response) => {
        response.resume();
        const allowed = response.headers['access-control-allow-origin'];
        resolve({ status: response.statusCode, allowed });
      });
      call.on('error', reject).end();
    });

    expect({ status, allowed }).toEqual({ status: 403, allowed: undefined });
    expect(dynamodb.seen).toEqual([]);
  });
});

beforeEach(async () => {
  dynamodb = aService('dynamodb');
  connections = aService('execute-api');
  const failing = aService('secretsmanager', () => {
    throw new Error('broken');
  });
  const services = [dynamodb, aService('sqs'), failing, connections];
  door = await startFrontDoor({ callers: [GRANTED, POORER], services });
});
afterEach(() => door.stop());

const configOf = (caller: Caller) => ({
  region: 'us-east-1',
  endpoint: door.url,
  credentials: caller,
  maxAttempts: 1,
});
const GET = { TableName: 'Sessions', Key: { pk: { S: 'a' } } };

const CALLS: [string, string, (caller: Caller) => Promise<unknown>][] = [
  ['dynamodb', 'AccessDeniedException', (caller) => new DynamoDB(configOf(caller)).getItem(GET)],
  [
    'sqs',
    'AccessDeniedException',
    (caller) =>
      new SQS({ ...configOf(caller), md5: false }).sendMessage({
        QueueUrl: `${door.url}/0/q`,
        MessageBody: 'x',
      }),
  ],
  [
    'secretsmanager',
    'AccessDeniedException',
    (caller) => new SecretsManager(configOf(caller)).getSecretValue({ SecretId: 's' }),
  ],
  [
    'execute-api',
    'ForbiddenException',
    (caller) =>
      new ApiGatewayManagementApi({
        ...configOf(caller),
        endpoint: `${door.url}/abc/live`,
      }).postToConnection({ ConnectionId: 'L0SM9cOFvHcCIhw=', Data: 'hi' }),
  ],
];

describe('front door', () => {
  test.each(CALLS.filter(([service]) => service !== 'secretsmanager'))(
    'lets a granted call to %s through',
    async (service, _, call) => {
      await call(GRANTED);

      expect(door.audit).toEqual([
        expect.objectContaining({
          caller: 'granted',
          service,
          resource: `arn:${service}`,
          allowed: true,
          status: 200,
        }),
      ]);
    },
  );

  test.each(CALLS)('refuses a call to %s without a grant, with %s', async (service, name, call) => {
    await expect(call(POORER)).rejects.toMatchObject({ name });
    expect(door.audit).toEqual([
      expect.objectContaining({ caller: 'poorer', service, allowed: false }),
    ]);
    expect([...dynamodb.seen, ...connections.seen]).toEqual([]);
  });

  test.each(CALLS)('refuses a call to %s under an unknown access key', async (_, __, call) => {
    await expect(call(STRANGER)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    expect(door.audit).toEqual([expect.objectContaining({ caller: 'unknown', allowed: false })]);
  });

  test.each(CALLS)('refuses a call to %s signed with a wrong secret', async (_, __, call) => {
    const thief = { ...GRANTED, secretAccessKey: 'guessed' };

    await expect(call(thief)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });

  test('refuses a request without a signature', async () => {
    const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem' };

    const answer = await fetch(door.url, { method: 'POST', headers, body: '{}' });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      __type: expect.stringMatching(/#MissingAuthenticationTokenException$/),
    });
    expect(dynamodb.seen).toEqual([]);
  });

  test.each([
    ['its body', { body: '{"TableName":"Other"}' }],
    ['its path', { path: '/other' }],
  ])(
    'refuses a signed request that is sent again with %s altered',
    async (_, changes: { path?: string; body?: string }) => {
      const { path = '/', body } = changes;
      await new DynamoDB(configOf(GRANTED)).getItem(GET);
      const [signed] = dynamodb.seen;
      const {
        'content-length': _length,
        connection: _connection,
        ...headers
      } = signed?.headers ?? {};

      const altered = await fetch(`${door.url}${path}`, {
        method: 'POST',
        headers,
        body: body ?? String(signed?.body),
      });
      const unaltered = await fetch(door.url, {
        method: 'POST',
        headers,
        body: String(signed?.body),
      });

      expect([altered.status, unaltered.status]).toEqual([400, 200]);
      expect(await altered.json()).toMatchObject({
        __type: expect.stringMatching(/#InvalidSignatureException$/),
      });
    },
  );

  test('hands over the path as sent, with the API in front', async () => {
    await CALLS[3]?.[2](GRANTED);

    expect(connections.seen[0]).toMatchObject({
      method: 'POST',
      path: '/abc/live/@connections/L0SM9cOFvHcCIhw%3D',
      body: Buffer.from('hi'),
    });
  });

  test('refuses a service that has no handler', async () => {
    await door.stop();
    door = await startFrontDoor({ callers: [GRANTED], services: [] });

    await expect(CALLS[0]?.[2](GRANTED)).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    expect(door.audit).toEqual([
      expect.objectContaining({ service: 'dynamodb', action: 'unknown', allowed: false }),
    ]);
  });

  test('refuses an operation that the service does not have', async () => {
    const client = new ApiGatewayManagementApi({
      ...configOf(GRANTED),
      endpoint: `${door.url}/nowhere`,
    });

    await expect(client.postToConnection({ ConnectionId: 'a', Data: '' })).rejects.toMatchObject({
      name: 'ForbiddenException',
    });
  });

  test('answers 500 when a service throws', async () => {
    const error = await CALLS[2]?.[2](GRANTED).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  });
});
