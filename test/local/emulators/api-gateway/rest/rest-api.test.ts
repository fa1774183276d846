import { request } from 'node:http';
import { ManualClock } from '#test/support/manual-clock';
import { failing, throttled } from '../support/fake-functions.ts';
import { aRestStack, endRestStacks, REST_API_ID } from '../support/rest-stack.ts';
import { functionUri } from '../support/socket-assembly.ts';
import { until } from '../support/socket-stack.ts';

afterEach(endRestStacks);

async function answerOf(response: Promise<Response>) {
  const { status, text } = await response.then(async (r) => ({
    status: r.status,
    text: await r.text(),
  }));
  return `${status} ${text}`;
}

describe('REST API', () => {
  test('hands a form over as plain text and gives back what the function answers', async () => {
    const stack = await aRestStack(() => ({
      statusCode: 201,
      headers: { 'X-One': 1 },
      multiValueHeaders: { 'X-Many': ['a', 'b'] },
      body: 'thanks',
    }));

    const response = await stack.post('/new-message/s_1', 'Body=gr%C3%BC%C3%9F&From=me');

    expect(response.status).toBe(201);
    expect(await response.text()).toBe('thanks');
    expect(response.headers.get('x-one')).toBe('1');
    expect(response.headers.get('x-many')).toBe('a, b');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(stack.functions.eventsOf('webhook')[0]).toMatchObject({
      resource: '/new-message/{sessionId}',
      path: '/new-message/s_1',
      pathParameters: { sessionId: 's_1' },
      body: 'Body=gr%C3%BC%C3%9F&From=me',
      isBase64Encoded: false,
      requestContext: { path: '/prod/new-message/s_1', identity: { sourceIp: '127.0.0.1' } },
    });
  });

  test('keeps the case of header names', async () => {
    const stack = await aRestStack();
    const url = new URL(`${stack.api.url(REST_API_ID)}/new-message`);

    await new Promise((resolve) => {
      request(url, { method: 'POST', headers: { 'X-Twilio-Signature': 'abc=' } }, resolve).end();
    });

    const { headers } = stack.functions.eventsOf('webhook')[0];
    expect(headers).toMatchObject({ 'X-Twilio-Signature': 'abc=', 'X-Forwarded-Proto': 'https' });
  });

  test('answers on the root', async () => {
    const stack = await aRestStack();

    const withSlash = await fetch(`${stack.api.url(REST_API_ID)}/`);
    const without = await fetch(stack.api.url(REST_API_ID));

    expect([withSlash.status, without.status]).toEqual([200, 200]);
  });

  test.each(['/other', '/new-message/s_1/more', '/new-message/', '/NEW-MESSAGE'])(
    'answers 403 to the unknown path %s and calls nothing',
    async (path) => {
      const stack = await aRestStack();

      const answer = await answerOf(stack.post(path));

      expect(answer).toBe('403 {"message":"Missing Authentication Token"}');
      expect(stack.functions.calls).toEqual([]);
    },
  );

  test('answers 403 to a method that the resource does not have', async () => {
    const stack = await aRestStack();

    const answer = await answerOf(fetch(`${stack.api.url(REST_API_ID)}/new-message`));

    expect(answer).toBe('403 {"message":"Missing Authentication Token"}');
  });

  test('takes any method on ANY', async () => {
    const stack = await aRestStack(undefined, {
      overrides: {
        PostMessage: { HttpMethod: 'ANY' },
        MessagePermission: {
          SourceArn: `arn:aws:execute-api:us-east-1:000000000000:${REST_API_ID}/prod/*/new-message`,
        },
      },
    });

    const response = await fetch(`${stack.api.url(REST_API_ID)}/new-message`, { method: 'PATCH' });

    expect(response.status).toBe(200);
  });

  test('answers 403 below another stage', async () => {
    const stack = await aRestStack();
    const url = stack.api.url(REST_API_ID);

    const other = answerOf(fetch(url.replace('/prod', '/test/new-message'), { method: 'POST' }));
    const alike = answerOf(fetch(`${url}uction/new-message`, { method: 'POST' }));

    expect(await other).toBe('403 {"message":"Forbidden"}');
    expect(await alike).toBe('403 {"message":"Forbidden"}');
  });

  test('answers 400 when the percent-encoding of the path is broken', async () => {
    const stack = await aRestStack();

    expect((await stack.post('/new-message/%E0%A4')).status).toBe(400);
    expect(stack.functions.calls).toEqual([]);
  });

  test('answers 413 above 10 MB and calls nothing', async () => {
    const stack = await aRestStack();
    const limit = 10 * 1024 * 1024;

    const answer = await answerOf(stack.post('/new-message', 'x'.repeat(limit + 1)));
    const callsOfTooLarge = stack.functions.calls.length;
    const largest = await stack.post('/new-message', 'x'.repeat(limit));

    expect(answer).toBe('413 {"message":"Request Too Long"}');
    expect(callsOfTooLarge).toBe(0);
    expect(largest.status).toBe(200);
  });

  test.each([
    ['throws', failing('boom')],
    ['gives nothing', () => null],
    ['gives no status', () => ({ body: 'hi' })],
    ['gives a body that is no text', () => ({ statusCode: 200, body: { a: 1 } })],
    ['gives an unknown field', () => ({ statusCode: 200, body: '', cookies: [] })],
    ['gives a status that is none', () => ({ statusCode: 99, body: '' })],
  ])('answers 502 when the function %s', async (_what, webhook) => {
    const stack = await aRestStack(webhook);

    const answer = await answerOf(stack.post('/new-message'));

    expect(answer).toBe('502 {"message": "Internal server error"}');
  });

  test('answers 431 to headers of more than 10,240 bytes, and calls nothing', async () => {
    const stack = await aRestStack();

    const { status } = await stack.post('/new-message', '', { 'X-Large': 'x'.repeat(10_240) });

    expect(status).toBe(431);
    expect(stack.functions.calls).toEqual([]);
    expect((await stack.post('/new-message', '', { 'X-Large': 'x'.repeat(9_000) })).status).toBe(
      200,
    );
  });

  test('answers 500 when the function is throttled', async () => {
    const stack = await aRestStack(throttled);

    const answer = await answerOf(stack.post('/new-message'));

    expect(answer).toBe('500 {"message": "Internal server error"}');
  });

  test('answers 500 and calls nothing without a permission to invoke the function', async () => {
    const stack = await aRestStack(undefined, { overrides: { SessionPermission: null } });

    const answer = await answerOf(stack.post('/new-message/s_1'));
    const callsOfRefused = stack.functions.calls.length;

    expect(answer).toBe('500 {"message": "Internal server error"}');
    expect(callsOfRefused).toBe(0);
    expect((await stack.post('/new-message')).status).toBe(200);
  });

  test.each([
    ['29 s', {}, 29_000],
    ['what the integration says', { TimeoutInMillis: 3000 }, 3000],
  ])('answers 504 after %s', async (_what, timing, timeoutMs) => {
    const clock = new ManualClock();
    const Uri = functionUri('webhook');
    const overrides = { PostMessage: { Integration: { Type: 'AWS_PROXY', Uri, ...timing } } };
    const stack = await aRestStack(() => new Promise(() => {}), { clock, overrides });
    let isAnswered = false;
    const answer = answerOf(stack.post('/new-message')).finally(() => {
      isAnswered = true;
    });
    await until(() => stack.functions.calls.length === 1);

    await clock.advance(timeoutMs - 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAnswered).toBe(false);
    await clock.advance(1);

    expect(await answer).toBe('504 {"message": "Endpoint request timed out"}');
  });

  test('answers 429 once a method has no tokens left, each method for itself', async () => {
    const all = { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 1 };
    const MethodSettings = [{ ...all, ThrottlingBurstLimit: 1 }];
    const clock = new ManualClock();
    const stack = await aRestStack(undefined, { clock, overrides: { Stage: { MethodSettings } } });

    const first = await stack.post('/new-message');
    const second = await answerOf(stack.post('/new-message'));
    const other = await stack.post('/new-message/s_1');
    await clock.advance(1000);
    const later = await stack.post('/new-message');

    expect(second).toBe('429 {"message":"Too Many Requests"}');
    expect([first.status, other.status, later.status]).toEqual([200, 200, 200]);
    expect(stack.functions.calls).toHaveLength(3);
  });

  test('lets settings of a method override those of the stage', async () => {
    const MethodSettings = [
      { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 9 },
      { HttpMethod: 'POST', ResourcePath: '/~1new-message~1{sessionId}', ThrottlingBurstLimit: 0 },
    ];
    const stack = await aRestStack(undefined, { overrides: { Stage: { MethodSettings } } });

    expect((await stack.post('/new-message/s_1')).status).toBe(429);
    expect((await stack.post('/new-message')).status).toBe(200);
  });

  test('gives out a body in base64 as it is, as no binary type is configured', async () => {
    const stack = await aRestStack(() => ({
      statusCode: 200,
      body: 'aGk=',
      isBase64Encoded: true,
    }));

    expect(await answerOf(stack.post('/new-message'))).toBe('200 aGk=');
  });

  test('survives a client that leaves half-way', async () => {
    const stack = await aRestStack();
    const url = new URL(`${stack.api.url(REST_API_ID)}/new-message`);
    const leaving = request(url, { method: 'POST', headers: { 'Content-Length': 100 } });
    leaving.on('error', () => {});
    leaving.write('half');
    await new Promise((resolve) => setTimeout(resolve, 20));

    leaving.destroy();

    expect((await stack.post('/new-message')).status).toBe(200);
    expect(stack.functions.calls).toHaveLength(1);
  });

  test('knows the address of its own API only, and listens until it is closed', async () => {
    const { api, post } = await aRestStack();
    await post('/new-message');

    await api.close();

    expect(api.url(REST_API_ID)).toBe(`http://127.0.0.1:${api.port}/prod`);
    expect(() => api.url('other')).toThrow('no REST API other');
    await expect(post('/new-message')).rejects.toThrow();
  });
});
