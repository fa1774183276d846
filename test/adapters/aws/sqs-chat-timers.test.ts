import { createHash } from 'node:crypto';
import { parseChatTimer, SqsChatTimers } from '#adapters/aws/sqs-chat-timers';
import { sessionId } from '#core/ids';
import {
  type HttpStub,
  type StubAnswer,
  startHttpStub,
  useAwsEndpoint,
} from '#test/support/http-stub';

const QUEUE_URL = 'https://sqs.eu-central-1.amazonaws.com/123456789012/ChatTimers';
const TIMER = { sessionId: sessionId('a-session'), chat: 2, atMs: 1_790_000_000_123 };

let failure: StubAnswer | undefined;
let stub: HttpStub;

beforeAll(async () => {
  stub = await startHttpStub(({ body }) => {
    const MD5OfMessageBody = createHash('md5').update(JSON.parse(body).MessageBody).digest('hex');
    return (
      failure ?? {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify({ MessageId: 'a-message', MD5OfMessageBody }),
      }
    );
  });
  useAwsEndpoint(stub.url);
});
beforeEach(() => {
  failure = undefined;
  stub.requests.length = 0;
});
afterAll(() => stub.stop());

const sent = () => JSON.parse(stub.requests[0]?.body ?? '');

describe('SqsChatTimers', () => {
  test('sends one message that is held back for whole seconds, rather too long than too short', async () => {
    await new SqsChatTimers(QUEUE_URL).set(TIMER, 60_001);

    expect(stub.requests).toHaveLength(1);
    expect(sent()).toEqual({
      QueueUrl: QUEUE_URL,
      MessageBody: '{"v":1,"sessionId":"a-session","chat":2,"atMs":1790000000123}',
      DelaySeconds: 61,
    });
  });

  test('sends a wake-up that is due at once', async () => {
    await new SqsChatTimers(QUEUE_URL).set(TIMER, -5);

    expect(sent().DelaySeconds).toBe(0);
  });

  test('reads back what it sends', async () => {
    const timer = { ...TIMER, warned: { sinceMs: 1, endsAtMs: 2 } };
    await new SqsChatTimers(QUEUE_URL).set(timer, 1_000);

    expect(parseChatTimer(sent().MessageBody)).toEqual(timer);
  });

  test('says that it is to be tried again when the queue cannot be reached', async () => {
    failure = { status: 500, body: '{"__type":"InternalFailure"}' };

    await expect(new SqsChatTimers(QUEUE_URL).set(TIMER, 0)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  });

  test.each([
    ['what is not JSON', 'x'],
    ['another version', '{"v":2,"sessionId":"s","chat":1,"atMs":1}'],
    ['a wake-up without a session', '{"v":1,"sessionId":"","chat":1,"atMs":1}'],
    ['a letter', '{"v":1,"sessionId":"s","kind":"end","chat":1}'],
  ])('refuses %s', (_, body) => {
    expect(() => parseChatTimer(body)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
