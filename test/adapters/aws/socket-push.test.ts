import { PUSH_TIMEOUT_MS, PUSH_TRIES, SocketPush } from '#adapters/aws/socket-push';
import { connectionId } from '#core/ids';
import type { ServerEvent } from '#protocol/events';
import { customerConnectionsContract } from '#test/contracts/customer-connections.contract';
import {
  type HttpStub,
  type StubBehaviour,
  type StubRequest,
  startHttpStub,
  useAwsEndpoint,
} from '#test/support/http-stub';

const ID = connectionId('L0SM9+/FIAMCJpw=');
const EVENT: ServerEvent = { type: 'typing', chat: 1, name: 'Zoë' };
/** Of the SDK between the first try and the second, when it is asked to slow down. */
const LONGEST_PAUSE_MS = 500;
const GONE = { status: 410, headers: { 'x-amzn-ErrorType': 'GoneException' } };
const FAILURES = {
  down: { status: 500 },
  busy: { status: 429, headers: { 'x-amzn-ErrorType': 'LimitExceededException' } },
};

let answers = new Map<string, StubBehaviour>();
let stub: HttpStub;

beforeAll(async () => {
  stub = await startHttpStub((request) => answers.get(idOf(request)) ?? { status: 200 });
  // Another address than the callback URL: that one is to win.
  useAwsEndpoint('http://127.0.0.1:1');
});

beforeEach(() => {
  answers = new Map();
  stub.requests.length = 0;
});

afterAll(() => stub.stop());

const idOf = (request: StubRequest) => decodeURIComponent(request.path.split('/').at(-1) ?? '');
const createPush = () => new SocketPush(`${stub.url}/live`);

customerConnectionsContract('SocketPush', async () => ({
  customers: createPush(),
  received: (connection) =>
    stub.requests
      .filter((request) => idOf(request) === connection)
      .map((request) => JSON.parse(request.body)),
  close: (connection) => answers.set(connection, GONE),
  fail: (connection, how) => answers.set(connection, FAILURES[how]),
}));

describe('SocketPush', () => {
  test('posts the event, encoded, to the stage and the connection, signed', async () => {
    await createPush().push(ID, EVENT);

    expect(stub.requests).toEqual([
      expect.objectContaining({
        method: 'POST',
        path: '/live/@connections/L0SM9%2B%2FFIAMCJpw%3D',
        body: '{"type":"typing","chat":1,"name":"Zoë"}',
      }),
    ]);
    expect(stub.requests[0]?.headers.authorization).toMatch(/\/execute-api\/aws4_request/);
  });

  test('closes by deleting the connection', async () => {
    answers.set(ID, { status: 204 });

    await createPush().close(ID);

    expect(stub.requests).toEqual([
      expect.objectContaining({
        method: 'DELETE',
        path: '/live/@connections/L0SM9%2B%2FFIAMCJpw%3D',
      }),
    ]);
  });

  test.each([
    ['410 without the name of the error', { status: 410 }],
    ['the name of the error alone', { status: 404, headers: GONE.headers }],
    [
      '400, a malformed id',
      { status: 400, headers: { 'x-amzn-ErrorType': 'BadRequestException' } },
    ],
  ])('takes the connection for gone on %s, without a second try', async (_case, answer) => {
    answers.set(ID, answer);

    expect(await createPush().push(ID, EVENT)).toBe(false);
    expect(stub.requests).toHaveLength(1);
  });

  test.each([
    ['MISCONFIGURED', 403, 1],
    ['TOO_LARGE', 413, 1],
    ['RATE_LIMITED', 429, 2],
    ['UPSTREAM_UNAVAILABLE', 503, 2],
    ['UPSTREAM_UNAVAILABLE', 404, 1],
  ])('rejects with %s on %d after %d tries and keeps the cause', async (code, status, tries) => {
    answers.set(ID, { status, headers: { 'x-amzn-ErrorType': 'SomeException' } });
    if (status === 429) answers.set(ID, FAILURES.busy);

    await expect(createPush().push(ID, EVENT)).rejects.toMatchObject({
      code,
      cause: { $metadata: { httpStatusCode: status } },
    });
    expect(stub.requests).toHaveLength(tries);
  });

  test('rejects with UPSTREAM_UNAVAILABLE when nobody listens', async () => {
    const pushing = new SocketPush('http://127.0.0.1:1/live').push(ID, EVENT);

    await expect(pushing).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('gives up after two tries when the answer, or the end of its body, never comes', async () => {
    const stalled = connectionId('stalled=');
    answers.set(ID, 'silent');
    answers.set(stalled, 'stalled');
    const impatient = () => new SocketPush(`${stub.url}/live`, 50);

    const outcomes = await Promise.allSettled([
      impatient().push(ID, EVENT),
      impatient().push(stalled, EVENT),
    ]);

    const failure = { status: 'rejected', reason: { code: 'UPSTREAM_UNAVAILABLE' } };
    expect(outcomes).toMatchObject([failure, failure]);
    expect(stub.requests.map(idOf).sort()).toEqual([ID, ID, stalled, stalled]);
  });

  test('gives up before Twilio stops to wait for its webhook', () => {
    expect(PUSH_TRIES * PUSH_TIMEOUT_MS + LONGEST_PAUSE_MS).toBeLessThan(4_500);
  });
});
