import { connect as netConnect } from 'node:net';
import { ManualClock } from '#test/support/manual-clock';
import { failing } from '../support/fake-functions.ts';
import {
  allow,
  aSocketStack,
  deny,
  endClients,
  endSocketStacks,
  until,
} from '../support/socket-stack.ts';

afterEach(endSocketStacks);

describe('handshake', () => {
  test('asks the authorizer, then $connect, and opens the connection', async () => {
    const stack = await aSocketStack();

    const client = await stack.connect();

    expect(client.socket.protocol).toBe('chat.v1');
    expect(stack.functions.calls.map(({ name }) => name)).toEqual(['authorize', 'connect']);
  });

  test('is refused with 403 below another path than the stage', async () => {
    const stack = await aSocketStack();

    const { status, body } = await stack.refusal({}, stack.url.replace('/live', '/prod'));

    expect(status).toBe(403);
    expect(body).toBe('{"message":"Forbidden"}');
    expect(stack.functions.calls).toEqual([]);
  });

  test('is refused with 401 and no call when an identity source is missing', async () => {
    const overrides = { Authorizer: { IdentitySource: ['route.request.header.X-Who'] } };
    const stack = await aSocketStack({}, { overrides });

    const { status } = await stack.refusal();
    const { status: withEmptyHeader } = await stack.refusal({ headers: { 'X-Who': '' } });

    expect([status, withEmptyHeader]).toEqual([401, 401]);
    expect(stack.functions.calls).toEqual([]);
  });

  test('takes a query parameter as identity source', async () => {
    const overrides = { Authorizer: { IdentitySource: ['route.request.querystring.who'] } };
    const stack = await aSocketStack({ authorize: deny() }, { overrides });

    const { status: without } = await stack.refusal();
    const { status: withIt } = await stack.refusal({}, `${stack.url}?who=me`);

    expect([without, withIt]).toEqual([401, 403]);
  });

  test('is refused with 403 when the authorizer denies', async () => {
    const stack = await aSocketStack({ authorize: deny() });

    expect((await stack.refusal()).status).toBe(403);
    expect(stack.functions.eventsOf('connect')).toEqual([]);
  });

  test('is refused with 401 when the authorizer throws Unauthorized', async () => {
    const stack = await aSocketStack({ authorize: failing('Unauthorized') });

    expect((await stack.refusal()).status).toBe(401);
  });

  test.each([
    ['throws anything else', failing('unauthorized')],
    ['gives no policy', () => ({ principalId: 'visitor-1' })],
    ['gives a nested context', allow({ session: { id: 's_1' } })],
    ['answers with more than 8 KB', allow({ big: 'x'.repeat(8192) })],
  ])('is refused with 500 when the authorizer %s', async (_what, authorize) => {
    const stack = await aSocketStack({ authorize });

    expect((await stack.refusal()).status).toBe(500);
    expect(stack.functions.eventsOf('connect')).toEqual([]);
  });

  test('is refused with 500 without a permission to invoke the authorizer', async () => {
    const stack = await aSocketStack({}, { overrides: { authorizePermission: null } });

    expect((await stack.refusal()).status).toBe(500);
    expect(stack.functions.calls).toEqual([]);
  });

  test('is refused with 500 without a permission to invoke $connect', async () => {
    const stack = await aSocketStack({}, { overrides: { connectPermission: null } });

    expect((await stack.refusal()).status).toBe(500);
    expect(stack.functions.eventsOf('connect')).toEqual([]);
  });

  test.each([301, 400, 401, 403, 501])(
    'is refused with the status %d of $connect',
    async (code) => {
      const stack = await aSocketStack({ connect: () => ({ statusCode: code }) });

      expect((await stack.refusal()).status).toBe(code);
    },
  );

  test('succeeds with any 2xx of $connect', async () => {
    const stack = await aSocketStack({
      connect: () => ({ statusCode: 204, headers: { 'sec-websocket-protocol': 'chat.v1' } }),
    });

    const client = await stack.connect();

    expect(client.socket.protocol).toBe('chat.v1');
  });

  test.each([
    ['throws', failing('boom')],
    ['gives no status', () => ({ body: 'hello' })],
    ['gives nothing', () => null],
    ['gives a status that is none', () => ({ statusCode: 'fine' })],
  ])('is refused with 502 when $connect %s', async (_what, connect) => {
    const stack = await aSocketStack({ connect });

    expect((await stack.refusal()).status).toBe(502);
  });

  test('is refused with 502 when $connect takes longer than 29 s', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({ connect: () => new Promise(() => {}) }, { clock });
    const refused = stack.refusal();
    await until(() => stack.functions.eventsOf('connect').length === 1);

    await clock.advance(29_000);

    expect((await refused).status).toBe(502);
  });

  test('echoes no subprotocol that $connect does not return', async () => {
    const stack = await aSocketStack({ connect: () => ({ statusCode: 200 }) });

    await expect(stack.connect()).rejects.toThrow('Server sent no subprotocol');
  });

  test('opens without a $connect route and without an authorizer', async () => {
    const stack = await aSocketStack({}, { overrides: { connectRoute: null } });

    await expect(stack.connect()).rejects.toThrow('Server sent no subprotocol');
    expect(stack.functions.calls).toEqual([]);
  });

  test('is refused with 429 once the stage has no tokens left, until it earns some', async () => {
    const clock = new ManualClock();
    const Stage = { DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 } };
    const stack = await aSocketStack({}, { clock, overrides: { Stage } });
    await stack.connect();
    await stack.connect();

    const { status } = await stack.refusal();
    await clock.advance(1000);

    expect(status).toBe(429);
    await expect(stack.connect()).resolves.toBeDefined();
  });

  test('lets settings of the route override those of the stage', async () => {
    const Stage = {
      DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 100 },
      RouteSettings: { $connect: { ThrottlingBurstLimit: 1 } },
    };
    const stack = await aSocketStack({}, { clock: new ManualClock(), overrides: { Stage } });
    await stack.connect();

    expect((await stack.refusal()).status).toBe(429);
  });

  test('answers a request that is no upgrade with 403', async () => {
    const stack = await aSocketStack();

    const response = await fetch(stack.url.replace('ws:', 'http:'));

    expect(response.status).toBe(403);
  });

  test('is refused with 400 before any call when it is no WebSocket request', async () => {
    const stack = await aSocketStack();

    const { status } = await stack.refusal({ protocolVersion: 8 });

    expect(status).toBe(400);
    expect(stack.functions.calls).toEqual([]);
  });

  test('tells the function of a client that left during $connect', async () => {
    let admit: (answer: object) => void = () => {};
    const connect = () =>
      new Promise((resolve) => {
        admit = resolve;
      });
    const stack = await aSocketStack({ connect });
    const leaving = stack.refusal().catch(() => 'left');
    await until(() => stack.functions.eventsOf('connect').length === 1);

    endClients();
    await leaving;
    admit({ statusCode: 200 });

    await until(() => stack.functions.eventsOf('disconnect').length === 1);
    const [event] = stack.functions.eventsOf('disconnect');
    expect(event.requestContext.disconnectStatusCode).toBe(1006);
  });

  test('tells the function of a client whose connection broke during $connect', async () => {
    let admit: (answer: object) => void = () => {};
    const connect = () =>
      new Promise((resolve) => {
        admit = resolve;
      });
    const stack = await aSocketStack({ connect });
    const client = netConnect(stack.api.port, '127.0.0.1');
    client.write(
      'GET /live HTTP/1.1\r\nHost: local\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Protocol: chat.v1\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await until(() => stack.functions.eventsOf('connect').length === 1);

    client.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    admit({ statusCode: 200 });

    await until(() => stack.functions.eventsOf('disconnect').length === 1);
    const [event] = stack.functions.eventsOf('disconnect');
    expect(event.requestContext.disconnectStatusCode).toBe(1006);
  });
});
