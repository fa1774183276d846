import { ManualClock } from '#test/support/manual-clock';
import { allow, aSocketStack, endSocketStacks, until } from '../support/socket-stack.ts';

afterEach(endSocketStacks);

describe('events of one connection', () => {
  test('all carry the context of the authorizer, as text', async () => {
    const stack = await aSocketStack({ authorize: allow({ sessionId: 's_1', age: 7, vip: true }) });
    const client = await stack.connect();
    client.socket.send('hi');
    await client.receives(1);
    client.socket.close();
    await until(() => stack.functions.eventsOf('disconnect').length === 1);

    const contexts = ['connect', 'default', 'disconnect'].map(
      (name) => stack.functions.eventsOf(name)[0].requestContext.authorizer,
    );

    const integrationLatency = expect.any(Number);
    const context = { sessionId: 's_1', age: '7', vip: 'true', principalId: 'visitor-1' };
    expect(contexts).toEqual(Array(3).fill({ ...context, integrationLatency }));
  });

  test('share id and time of connection, and differ in request and message id', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({}, { clock });
    const client = await stack.connect();
    await clock.advance(1000);
    client.socket.send('one');
    client.socket.send('two');
    await client.receives(2);

    const [first, second] = stack.functions.eventsOf('default').map((e) => e.requestContext);
    const connected = stack.functions.eventsOf('connect')[0].requestContext;

    expect(first.connectionId).toBe(connected.connectionId);
    expect(first.connectedAt).toBe(connected.connectedAt);
    expect(first.requestTimeEpoch).toBe(connected.connectedAt + 1000);
    expect(first.requestId).not.toBe(second.requestId);
    expect(first.messageId).not.toBe(second.messageId);
  });

  test('keep the case of header names, and tell where the client came from', async () => {
    const stack = await aSocketStack();
    await stack.connect({ headers: { 'x-MiXed': 'yes' }, origin: 'https://shop.example.com' });

    const { headers } = stack.functions.eventsOf('connect')[0];

    expect(headers).toMatchObject({
      'x-MiXed': 'yes',
      Origin: 'https://shop.example.com',
      'Sec-WebSocket-Protocol': 'chat.v1,token.abc',
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
  });

  test('without an authorizer carry no context', async () => {
    const overrides = { connectRoute: { AuthorizationType: 'NONE' } };
    const stack = await aSocketStack({}, { overrides });
    await stack.connect();

    const { requestContext } = stack.functions.eventsOf('connect')[0];

    expect(requestContext).not.toHaveProperty('authorizer');
    expect(stack.functions.eventsOf('authorize')).toEqual([]);
  });
});
