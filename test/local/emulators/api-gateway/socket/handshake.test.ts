import { connect as netConnect } from 'node:net';
import { ManualClock } from '#test/support/manual-clock';
import { failing, throttled } from '../support/fake-functions.ts';
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

  const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

  /** Speaks without a client library, which would refuse to. @returns the status, 0 for none. */
  function rawHandshake(url: string, headers: readonly string[]): Promise<number> {
    const { hostname, port, pathname } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = netConnect(Number(port), hostname);
      const lines = [`GET ${pathname} HTTP/1.1`, `Host: ${hostname}:${port}`, ...headers];
      socket.on('error', reject);
      socket.on('close', () => resolve(0));
      socket.on('data', (data) => {
        resolve(Number(/^HTTP\/1.1 (\d+)/.exec(data.toString())?.[1] ?? 0));
        socket.destroy();
      });
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    });
  }

  const upgrade = (...more: string[]) => [
    'Connection: Upgrade',
    'Upgrade: websocket',
    ...(more.some((line) => line.startsWith('Sec-WebSocket-Version'))
      ? []
      : ['Sec-WebSocket-Version: 13']),
    ...(more.some((line) => line.startsWith('Sec-WebSocket-Key'))
      ? []
      : [`Sec-WebSocket-Key: ${KEY}`]),
    ...more,
  ];

  test.each([
    ['a subprotocol twice', ['Sec-WebSocket-Protocol: chat.v1, chat.v1']],
    ['a subprotocol twice without a blank', ['Sec-WebSocket-Protocol: a,chat.v1,chat.v1']],
    [
      'a subprotocol in two headers',
      ['Sec-WebSocket-Protocol: chat.v1', 'Sec-WebSocket-Protocol: chat.v1'],
    ],
    ['an empty subprotocol', ['Sec-WebSocket-Protocol: chat.v1,,other']],
    ['no subprotocol in the header', ['Sec-WebSocket-Protocol: ']],
    ['a comma at the end', ['Sec-WebSocket-Protocol: chat.v1,']],
    ['a subprotocol of two words', ['Sec-WebSocket-Protocol: chat v1']],
    ['a subprotocol in quotes', ['Sec-WebSocket-Protocol: "chat.v1"']],
    ['a subprotocol beyond ASCII', ['Sec-WebSocket-Protocol: chät']],
    ['a key that is too short', ['Sec-WebSocket-Key: AAAA']],
    ['two keys', [`Sec-WebSocket-Key: ${KEY}`, `Sec-WebSocket-Key: ${KEY}`]],
    ['an empty key', ['Sec-WebSocket-Key:']],
    ['an old version', ['Sec-WebSocket-Version: 8']],
    ['two versions', ['Sec-WebSocket-Version: 13, 8']],
    ['no version', ['Sec-WebSocket-Version:']],
  ])('is refused with 400 and no call for %s', async (_, headers) => {
    const stack = await aSocketStack();

    expect(await rawHandshake(stack.url, upgrade(...headers))).toBe(400);
    expect(stack.functions.calls).toEqual([]);
  });

  test.each([
    ['subprotocols that differ in case', ['Sec-WebSocket-Protocol: chat.v1, Chat.v1']],
    ['blanks and tabs', ['Sec-WebSocket-Protocol: chat.v1 \t,\t other']],
    [
      'extensions that nobody knows',
      ['Sec-WebSocket-Extensions: foo; bar="baz", permessage-deflate'],
    ],
    ['extensions that are malformed', ['Sec-WebSocket-Extensions: ;;,=']],
    ['nothing further', []],
  ])('is completed once $connect has run, given %s', async (_, headers) => {
    const stack = await aSocketStack();

    const offered = headers.some((line) => line.startsWith('Sec-WebSocket-Protocol'))
      ? headers
      : ['Sec-WebSocket-Protocol: chat.v1', ...headers];
    expect(await rawHandshake(stack.url, upgrade(...offered))).toBe(101);
    expect(stack.functions.eventsOf('connect')).toHaveLength(1);
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
    ['is throttled', throttled],
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

  test('is refused with 431 when its headers have more than 10,240 bytes, before any call', async () => {
    const stack = await aSocketStack();
    const headers = { 'X-Large': 'x'.repeat(10_240) };

    expect((await stack.refusal({ headers })).status).toBe(431);
    expect(stack.functions.calls).toEqual([]);
  });

  test('is refused with 414 when its address has more than 4,096 characters', async () => {
    const stack = await aSocketStack();

    const { status } = await stack.refusal({}, `${stack.url}?${'x'.repeat(4_096)}`);

    expect(status).toBe(414);
  });

  test('is refused with 500 when $connect is throttled', async () => {
    const stack = await aSocketStack({ connect: throttled });

    expect((await stack.refusal()).status).toBe(500);
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
