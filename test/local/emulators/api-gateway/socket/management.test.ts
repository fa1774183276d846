import { ManualClock } from '#test/support/manual-clock';
import { API_ID } from '../support/socket-assembly.ts';
import { aSocketStack, endSocketStacks, type SocketStack, until } from '../support/socket-stack.ts';

afterEach(endSocketStacks);

const UNKNOWN_ID = 'Ab1cDeFgHiJkLmN=';

const lastId = (stack: SocketStack): string =>
  stack.functions.eventsOf('connect').at(-1).requestContext.connectionId;

const request = (path: string, method = 'POST') => ({
  method,
  path,
  headers: {},
  body: Buffer.from('hi'),
});

describe('POST to @connections', () => {
  test('sends the body as one frame and answers 200', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    const answer = await stack.manage('POST', lastId(stack), 'grüß dich');

    expect(await client.receives(1)).toEqual(['grüß dich']);
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers).toHaveProperty('x-amzn-requestid');
  });

  test('keeps the order of the calls', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();
    const bodies = Array.from({ length: 50 }, (_, i) => String(i));

    await Promise.all(bodies.map((body) => stack.manage('POST', lastId(stack), body)));

    expect(await client.receives(50)).toEqual(bodies);
  });

  test('accepts the sign @ percent-encoded, and an id with + and /', async () => {
    const stack = await aSocketStack({}, { random: () => 0.999 });
    const client = await stack.connect();
    const id = encodeURIComponent(lastId(stack));

    const answer = await stack.api.service.handle(request(`/${API_ID}/live/%40connections/${id}`));

    expect(lastId(stack)).toContain('/');
    expect(answer.status).toBe(200);
    expect(await client.receives(1)).toEqual(['hi']);
  });

  test('answers 410 with an empty body for an unknown id', async () => {
    const stack = await aSocketStack();

    const answer = await stack.manage('POST', UNKNOWN_ID, 'hi');

    expect(answer).toMatchObject({ status: 410, body: '' });
    expect(answer.headers).toMatchObject({ 'x-amzn-ErrorType': 'GoneException' });
  });

  test('answers 410 while $connect is running', async () => {
    const statuses: number[] = [];
    const stack: SocketStack = await aSocketStack({
      connect: async ({ requestContext }) => {
        statuses.push((await stack.manage('POST', requestContext.connectionId, 'hi')).status);
        return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } };
      },
    });

    await stack.connect();

    expect(statuses).toEqual([410]);
  });

  test('answers 410 after the connection has closed', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();
    client.socket.close();
    await until(() => stack.functions.eventsOf('disconnect').length === 1);

    expect((await stack.manage('POST', lastId(stack), 'hi')).status).toBe(410);
  });

  test.each(['nonsense', 'Ab1cDeFgHiJkLmN', 'Ab1cDeFgHiJkLm-='])(
    'answers 400 for the malformed id %s',
    async (id) => {
      const stack = await aSocketStack();

      const answer = await stack.manage('POST', id, 'hi');

      expect(answer.status).toBe(400);
      expect(answer.body).toBe(`{"message":"Invalid connectionId: ${id}"}`);
      expect(answer.headers).toMatchObject({ 'x-amzn-ErrorType': 'BadRequestException' });
    },
  );

  test('answers 400 for an id whose percent-encoding is broken', async () => {
    const stack = await aSocketStack();

    const answer = await stack.api.service.handle(request(`/${API_ID}/live/@connections/%E0%A4`));

    expect(answer.status).toBe(400);
  });

  test('answers 413 above 128 KB and sends nothing', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    const answer = await stack.manage('POST', lastId(stack), 'x'.repeat(131_073));
    const largest = await stack.manage('POST', lastId(stack), 'x'.repeat(131_072));

    expect(answer.status).toBe(413);
    expect(answer.headers).toMatchObject({ 'x-amzn-ErrorType': 'PayloadTooLargeException' });
    expect(largest.status).toBe(200);
    expect((await client.receives(1))[0]).toHaveLength(131_072);
  });

  test.each([`/${API_ID}/prod`, '/other/live'])('answers 403 below %s', async (base) => {
    const stack = await aSocketStack();
    const client = await stack.connect();
    const id = encodeURIComponent(lastId(stack));

    const answer = await stack.api.service.handle(request(`${base}/@connections/${id}`));

    expect(answer).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect(client.received).toEqual([]);
  });
});

describe('GET of @connections', () => {
  test('describes the connection', async () => {
    const clock = new ManualClock(Date.UTC(2026, 10, 22, 6, 30, 0, 123));
    const stack = await aSocketStack({}, { clock });
    const client = await stack.connect({ headers: { 'User-Agent': 'browser' } });
    await clock.advance(1000);
    client.socket.send('hi');
    await client.receives(1);

    const answer = await stack.manage('GET', lastId(stack));

    expect(answer.status).toBe(200);
    expect(JSON.parse(String(answer.body))).toEqual({
      connectedAt: '2026-11-22T06:30:00.123Z',
      identity: { sourceIp: '127.0.0.1', userAgent: 'browser' },
      lastActiveAt: '2026-11-22T06:30:01.123Z',
    });
  });

  test('answers 410 for an unknown id', async () => {
    const stack = await aSocketStack();

    expect((await stack.manage('GET', UNKNOWN_ID)).status).toBe(410);
  });
});

describe('DELETE of @connections', () => {
  test('closes with 1000 and is told with the reason of API Gateway', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    const answer = await stack.manage('DELETE', lastId(stack));

    expect(answer).toMatchObject({ status: 204, body: '' });
    expect((await client.closed).code).toBe(1000);
    await until(() => stack.functions.eventsOf('disconnect').length === 1);
    expect(stack.functions.eventsOf('disconnect')[0].requestContext).toMatchObject({
      disconnectStatusCode: 1000,
      disconnectReason: 'Connection Closed Normally',
    });
  });

  test('answers 410 the second time', async () => {
    const stack = await aSocketStack();
    await stack.connect();
    await stack.manage('DELETE', lastId(stack));

    expect((await stack.manage('DELETE', lastId(stack))).status).toBe(410);
    expect((await stack.manage('POST', lastId(stack), 'hi')).status).toBe(410);
  });
});

describe('permission for @connections', () => {
  test('names action, stage, method and connection', async () => {
    const { service } = (await aSocketStack()).api;
    const path = `/${API_ID}/live/@connections/${encodeURIComponent(UNKNOWN_ID)}`;

    expect(service.name).toBe('execute-api');
    expect(service.permissionFor(request(path, 'DELETE'))).toEqual({
      action: 'execute-api:ManageConnections',
      resource: `arn:aws:execute-api:us-east-1:000000000000:${API_ID}/live/DELETE/@connections/${UNKNOWN_ID}`,
    });
  });

  test.each([
    ['another method', `/${API_ID}/live/@connections/x`, 'PUT'],
    ['no connection', `/${API_ID}/live/@connections`, 'GET'],
    ['no stage', `/${API_ID}/@connections/x`, 'GET'],
    ['an id whose / is not encoded', `/${API_ID}/live/@connections/a/b`, 'GET'],
  ])('is unknown for a request with %s', async (_what, path, method) => {
    const { service } = (await aSocketStack()).api;

    expect(service.permissionFor(request(path, method))).toBeUndefined();
    expect((await service.handle(request(path, method))).status).toBe(403);
  });
});
