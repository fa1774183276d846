import type { WebSocket } from 'ws';
import { ManualClock } from '#test/support/manual-clock';
import { failing, throttled } from '../support/fake-functions.ts';
import { aSocketStack, endSocketStacks, until } from '../support/socket-stack.ts';

afterEach(endSocketStacks);

/** Resolves once the server has read everything sent so far. */
function pingPong(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('pong', () => resolve());
    socket.ping();
  });
}

describe('messages', () => {
  test('go to $default and bring back the body on a two-way route', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    client.socket.send('{"action":"hello"}');

    expect(await client.receives(1)).toEqual(['echo {"action":"hello"}']);
  });

  test('go to the route that the selection expression names', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    client.socket.send('{"action":"shout"}');
    client.socket.send('{"action":"last"}');
    await client.receives(1);

    expect(stack.functions.eventsOf('shout')[0].requestContext.routeKey).toBe('shout');
    expect(client.received).toEqual(['echo {"action":"last"}']);
  });

  test('all go to $default when the expression is that constant', async () => {
    const stack = await aSocketStack(
      {},
      { overrides: { Api: { RouteSelectionExpression: '\\$default' } } },
    );
    const client = await stack.connect();

    client.socket.send('{"action":"shout"}');

    expect(await client.receives(1)).toEqual(['echo {"action":"shout"}']);
    expect(stack.functions.eventsOf('default')[0].requestContext.routeKey).toBe('$default');
  });

  test('cannot name $connect or $disconnect', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    client.socket.send('{"action":"$disconnect"}');

    expect(await client.receives(1)).toEqual(['echo {"action":"$disconnect"}']);
    expect(stack.functions.eventsOf('disconnect')).toEqual([]);
  });

  test('without a route bring a Forbidden frame', async () => {
    const stack = await aSocketStack({}, { overrides: { defaultRoute: null } });
    const client = await stack.connect();

    client.socket.send('not JSON');

    const [frame = ''] = await client.receives(1);
    expect(frame).toMatch(
      /^\{"message": "Forbidden", "connectionId":"\S{16}", "requestId":"\S{16}"\}$/,
    );
    expect(stack.functions.eventsOf('default')).toEqual([]);
  });

  test('bring an error frame when the function throws, and the connection stays open', async () => {
    const stack = await aSocketStack({
      default: (event) =>
        event.body === 'bad' ? failing('boom')() : { statusCode: 200, body: 'ok' },
    });
    const client = await stack.connect();

    client.socket.send('bad');
    const [frame = ''] = await client.receives(1);
    client.socket.send('good');

    expect(frame).toMatch(/^\{"message": "Internal server error", "connectionId":"/);
    expect((await client.receives(2))[1]).toBe('ok');
    const { requestContext } = stack.functions.eventsOf('default')[0];
    const { connectionId, requestId } = requestContext;
    expect(JSON.parse(frame)).toMatchObject({ connectionId, requestId });
  });

  test('bring an error frame instead of a reply that does not fit into a frame', async () => {
    const stack = await aSocketStack({
      default: ({ body }) => ({ statusCode: 200, body: 'x'.repeat(Number(body)) }),
    });
    const client = await stack.connect();

    client.socket.send('32768');
    const [largest] = await client.receives(1);
    client.socket.send('32769');
    const [, larger] = await client.receives(2);

    expect(largest).toHaveLength(32_768);
    expect(larger).toContain('"message": "Internal server error"');
  });

  test('bring an error frame while the function is throttled', async () => {
    const stack = await aSocketStack({ default: throttled });
    const client = await stack.connect();

    client.socket.send('hi');

    const [frame] = await client.receives(1);
    expect(frame).toContain('"message": "Internal server error"');
  });

  test('bring an error frame and no call without a permission to invoke the function', async () => {
    const stack = await aSocketStack({}, { overrides: { defaultPermission: null } });
    const client = await stack.connect();

    client.socket.send('hi');

    const [frame] = await client.receives(1);
    expect(frame).toContain('"message": "Internal server error"');
    expect(stack.functions.eventsOf('default')).toEqual([]);
  });

  test('bring a time-out frame after 29 s', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({ default: () => new Promise(() => {}) }, { clock });
    const client = await stack.connect();
    client.socket.send('hi');
    await until(() => stack.functions.eventsOf('default').length === 1);

    await clock.advance(28_999);
    expect(client.received).toEqual([]);
    await clock.advance(1);

    const [frame] = await client.receives(1);
    expect(frame).toContain('{"message": "Endpoint request timed out", "connectionId":"');
  });

  test.each([
    ['a status that is no success', { statusCode: 500, body: 'no' }],
    ['no status', { body: 'no' }],
    ['nothing', null],
  ])('bring an error frame for %s on a two-way route', async (_what, answer) => {
    const stack = await aSocketStack({ default: () => answer });
    const client = await stack.connect();

    client.socket.send('hi');

    expect((await client.receives(1))[0]).toContain('"message": "Internal server error"');
  });

  test('bring nothing when a one-way function returns any status', async () => {
    const stack = await aSocketStack({ shout: () => ({ statusCode: 501, body: 'no' }) });
    const client = await stack.connect();

    client.socket.send('{"action":"shout"}');
    await until(() => stack.functions.eventsOf('shout').length === 1);
    client.socket.send('after it');

    expect(await client.receives(1)).toEqual(['echo after it']);
  });

  test('run side by side: a slow one does not hold back the next', async () => {
    let finishSlow: (answer: object) => void = () => {};
    const slow = new Promise((resolve) => {
      finishSlow = resolve;
    });
    const stack = await aSocketStack({
      default: ({ body }) => (body === 'slow' ? slow : { statusCode: 200, body: 'fast' }),
    });
    const client = await stack.connect();

    client.socket.send('slow');
    client.socket.send('fast');
    await client.receives(1);
    finishSlow({ statusCode: 200, body: 'slow' });

    expect(await client.receives(2)).toEqual(['fast', 'slow']);
  });

  test('are invoked in another order when the fault delays them', async () => {
    let share = 0.9;
    const stack = await aSocketStack({}, { random: () => share });
    const client = await stack.connect();
    stack.api.faults.set({ messageDelayMs: [0, 100] });

    share = 0.6;
    client.socket.send('first');
    await pingPong(client.socket);
    share = 0.1;
    client.socket.send('second');

    expect(await client.receives(2)).toEqual(['echo second', 'echo first']);
  });

  test('bring a frame once the route has no tokens left', async () => {
    const Stage = {
      RouteSettings: { $default: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } },
    };
    const stack = await aSocketStack({}, { clock: new ManualClock(), overrides: { Stage } });
    const client = await stack.connect();

    client.socket.send('1');
    await client.receives(1);
    client.socket.send('2');

    expect((await client.receives(2))[1]).toContain('"message": "Too Many Requests"');
    expect(stack.functions.eventsOf('default')).toHaveLength(1);
  });

  test('of 32 KB in one frame pass', async () => {
    const stack = await aSocketStack({
      default: ({ body }) => ({ statusCode: 200, body: `${body.length}` }),
    });
    const client = await stack.connect();

    client.socket.send('x'.repeat(32_768));

    expect(await client.receives(1)).toEqual(['32768']);
  });

  test('of more than 32 KB in one frame close the connection with 1009', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    client.socket.send('x'.repeat(32_769));

    expect((await client.closed).code).toBe(1009);
    expect(stack.functions.eventsOf('default')).toEqual([]);
  });

  test('of more than 32 KB in small frames pass', async () => {
    const stack = await aSocketStack({
      default: ({ body }) => ({ statusCode: 200, body: `${body.length}` }),
    });
    const client = await stack.connect();

    for (const fin of [false, false, true]) client.socket.send('x'.repeat(30_000), { fin });

    expect(await client.receives(1)).toEqual(['90000']);
  });

  test('of more than 128 KB in small frames close the connection with 1009', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    for (const fin of [false, false, false, false, true]) {
      client.socket.send('x'.repeat(30_000), { fin });
    }

    expect((await client.closed).code).toBe(1009);
    await until(() => stack.functions.eventsOf('disconnect').length === 1);
    expect(stack.functions.eventsOf('default')).toEqual([]);
    const [event] = stack.functions.eventsOf('disconnect');
    expect(event.requestContext.disconnectStatusCode).toBe(1009);
  });

  test('in binary close the connection with 1003', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    client.socket.send(Buffer.from('hi'));

    expect((await client.closed).code).toBe(1003);
    expect(stack.functions.eventsOf('default')).toEqual([]);
  });
});
