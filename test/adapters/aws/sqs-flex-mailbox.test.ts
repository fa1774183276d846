import { createHash } from 'node:crypto';
import { encodeLetter, parseLetter, SqsFlexMailbox } from '#adapters/aws/sqs-flex-mailbox';
import { clientMessageId, sessionId } from '#core/ids';
import { flexMailboxContract } from '#test/contracts/flex-mailbox.contract';
import {
  type HttpStub,
  type StubAnswer,
  type StubRequest,
  startHttpStub,
  useAwsEndpoint,
} from '#test/support/http-stub';

const QUEUE_URL = 'https://sqs.eu-central-1.amazonaws.com/123456789012/ToFlex.fifo';
const ID = sessionId('a-session');

interface Sent {
  readonly QueueUrl: string;
  readonly MessageBody: string;
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
}

/** As many messages as were sent under different deduplication ids, whatever their group. */
let queue = new Map<string, Sent>();
let failure: StubAnswer | undefined;
let stub: HttpStub;

beforeAll(async () => {
  stub = await startHttpStub((request) => failure ?? accept(request));
  useAwsEndpoint(stub.url);
});

beforeEach(() => {
  queue = new Map();
  failure = undefined;
  stub.requests.length = 0;
});

afterAll(() => stub.stop());

function accept(request: StubRequest): StubAnswer {
  const sent: Sent = JSON.parse(request.body);
  if (!queue.has(sent.MessageDeduplicationId)) queue.set(sent.MessageDeduplicationId, sent);
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({
      MessageId: 'a-message',
      MD5OfMessageBody: createHash('md5').update(sent.MessageBody).digest('hex'),
    }),
  };
}

flexMailboxContract('SqsFlexMailbox', async () => ({
  mailbox: new SqsFlexMailbox(QUEUE_URL),
  stored: async (id) =>
    [...queue.values()]
      .filter(({ MessageGroupId }) => MessageGroupId === id)
      .map(({ MessageBody }) => parseLetter(MessageBody)),
}));

describe('SqsFlexMailbox', () => {
  test('sends one signed request with the session as message group', async () => {
    await new SqsFlexMailbox(QUEUE_URL).send({ sessionId: ID, kind: 'end', chat: 1 }, 'key');

    expect(stub.requests).toHaveLength(1);
    const [request] = stub.requests;
    expect(request?.headers['x-amz-target']).toBe('AmazonSQS.SendMessage');
    expect(request?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*\/sqs\/aws4_request/);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      QueueUrl: QUEUE_URL,
      MessageBody: '{"v":1,"sessionId":"a-session","kind":"end","chat":1}',
      MessageGroupId: 'a-session',
      MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test.each([
    ['UPSTREAM_UNAVAILABLE', 500, 'InternalFailure'],
    ['UPSTREAM_UNAVAILABLE', 400, 'RequestThrottled'],
    ['MISCONFIGURED', 400, 'AccessDeniedException'],
    ['MISCONFIGURED', 400, 'QueueDoesNotExist'],
    ['UPSTREAM_REFUSED', 400, 'InvalidMessageContents'],
  ])('rejects with %s on %d %s and keeps the cause', async (code, status, type) => {
    failure = { status, body: JSON.stringify({ __type: `com.amazonaws.sqs#${type}` }) };

    const sending = new SqsFlexMailbox(QUEUE_URL).send(
      { sessionId: ID, kind: 'end', chat: 1 },
      'key',
    );

    await expect(sending).rejects.toMatchObject({ code, cause: { name: type } });
  });

  test('does not take an answer for success whose checksum is not that of the body', async () => {
    failure = {
      status: 200,
      body: JSON.stringify({ MessageId: 'm', MD5OfMessageBody: '0'.repeat(32) }),
    };

    const sending = new SqsFlexMailbox(QUEUE_URL).send(
      { sessionId: ID, kind: 'end', chat: 1 },
      'key',
    );

    await expect(sending).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

describe('parseLetter', () => {
  const message = {
    v: 1,
    sessionId: 'a-session',
    kind: 'message',
    id: 'm-1',
    body: 'my secret',
    acceptedAtMs: 7,
    chat: 1,
  };

  test('reads what encodeLetter wrote', () => {
    const letter = {
      sessionId: ID,
      kind: 'message',
      id: clientMessageId('m-1'),
      body: '',
      acceptedAtMs: 7,
      attributes: {},
    } as const;

    expect(parseLetter(encodeLetter(letter))).toEqual(letter);
  });

  test('keeps out of the queue the characters that SQS refuses, and loses none', () => {
    const body = 'a\uFFFEb\uFFFFc\u0000\uD800';
    const id = clientMessageId('m-1');
    const letter = { sessionId: ID, kind: 'message', id, body, acceptedAtMs: 7 } as const;

    const encoded = encodeLetter(letter);

    expect(encoded).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(parseLetter(encoded)).toEqual(letter);
  });

  test.each([
    ['doubt', 'unverified'],
    ['left', 'left'],
  ])(
    'carries a look in the format of earlier versions, in which its reason is %s',
    (carried, reason) => {
      const body = `{"v":1,"sessionId":"a-session","kind":"look","chat":2,"reason":"${carried}","sureFromMs":7}`;

      const letter = parseLetter(body);

      expect(letter).toEqual({ sessionId: ID, kind: 'look', chat: 2, reason, sureFromMs: 7 });
      expect(encodeLetter(letter)).toBe(body);
    },
  );

  test.each([
    ['no JSON', 'my secret'],
    ['no object', '"my secret"'],
    ['another version', JSON.stringify({ ...message, v: 2 })],
    ['no version', JSON.stringify({ ...message, v: undefined })],
    ['an unknown kind', JSON.stringify({ ...message, kind: 'typing' })],
    ['no session', JSON.stringify({ ...message, sessionId: undefined })],
    ['an empty session', JSON.stringify({ ...message, sessionId: '' })],
    ['no message id', JSON.stringify({ ...message, id: undefined })],
    ['a body that is no text', JSON.stringify({ ...message, body: 7 })],
    ['a chat that is no number', JSON.stringify({ ...message, chat: '1' })],
    [
      'a reason of no version',
      JSON.stringify({ ...message, kind: 'look', sureFromMs: 7, reason: 'unverified' }),
    ],
    ['no index to read up to', JSON.stringify({ ...message, kind: 'read' })],
  ])('refuses %s with INVALID_INPUT and does not quote it', (_case, body) => {
    let failure: unknown;
    try {
      parseLetter(body);
    } catch (error) {
      failure = error;
    }

    expect(failure).toMatchObject({ code: 'INVALID_INPUT' });
    expect(String(failure)).not.toContain('my secret');
    expect((failure as Error).cause).toBeUndefined();
  });
});
