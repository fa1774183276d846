import { ManualClock } from '#test/support/manual-clock';
import { aSocketStack, endSocketStacks, type SocketStack, until } from '../support/socket-stack.ts';

afterEach(endSocketStacks);

const MINUTE_MS = 60_000;

async function disconnected(stack: SocketStack) {
  await until(() => stack.functions.eventsOf('disconnect').length === 1);
  const { disconnectStatusCode, disconnectReason } =
    stack.functions.eventsOf('disconnect')[0].requestContext;
  return { code: disconnectStatusCode, reason: disconnectReason };
}

const lastId = (stack: SocketStack): string =>
  stack.functions.eventsOf('connect').at(-1).requestContext.connectionId;

/** Asks the API, which knows before the client does, and puts nothing off by that. */
const isOpen = async (stack: SocketStack): Promise<boolean> =>
  (await stack.manage('GET', lastId(stack))).status === 200;

describe('closing', () => {
  test('by the client without a code is told as 1005 with the reason of API Gateway', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    client.socket.close();

    const reason = 'Client-side close frame status not set';
    expect(await disconnected(stack)).toEqual({ code: 1005, reason });
  });

  test('by the client with a code is told with it', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    client.socket.close(1001);

    expect(await disconnected(stack)).toEqual({ code: 1001, reason: '' });
  });

  test('by a loss of the network is told as 1006', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    client.socket.terminate();

    expect(await disconnected(stack)).toEqual({ code: 1006, reason: '' });
  });

  test('comes after 10 minutes without a message', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({}, { clock });
    const client = await stack.connect();

    await clock.advance(10 * MINUTE_MS - 1);
    expect(await isOpen(stack)).toBe(true);
    await clock.advance(1);

    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
    await clock.advance(1000);
    expect(await disconnected(stack)).toEqual({ code: 1001, reason: 'Going away' });
  });

  test('is put off by messages of the client', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({}, { clock });
    const client = await stack.connect();

    for (let count = 1; count <= 3; count += 1) {
      await clock.advance(9 * MINUTE_MS);
      client.socket.send('{"action":"shout"}');
      await until(() => stack.functions.eventsOf('shout').length === count);
    }

    expect(await isOpen(stack)).toBe(true);
  });

  test('is put off by posts to the client', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({}, { clock });
    await stack.connect();

    for (let count = 1; count <= 3; count += 1) {
      await clock.advance(9 * MINUTE_MS);
      await stack.manage('POST', lastId(stack), 'still there?');
    }

    expect(await isOpen(stack)).toBe(true);
  });

  test('comes after 2 hours in any case', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({}, { clock });
    const client = await stack.connect();
    for (let minutes = 9; minutes < 120; minutes += 9) {
      await clock.advance(9 * MINUTE_MS);
      await stack.manage('POST', lastId(stack), 'still there?');
    }
    await clock.advance(3 * MINUTE_MS - 1);
    expect(await isOpen(stack)).toBe(true);

    await clock.advance(1);

    expect(await isOpen(stack)).toBe(false);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' });
  });

  test('is told to nobody when the fault drops it', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({}, { clock });
    stack.api.faults.set({ disconnect: 'drop' });
    const client = await stack.connect();

    client.socket.close();
    await client.closed;
    await clock.advance(MINUTE_MS);

    expect(stack.functions.eventsOf('disconnect')).toEqual([]);
  });

  test('is told late when the fault delays it', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({}, { clock });
    stack.api.faults.set({ disconnect: { delayMs: [5000, 6000] } });
    const client = await stack.connect();
    client.socket.close();
    await client.closed;

    await clock.advance(4999);
    expect(stack.functions.eventsOf('disconnect')).toEqual([]);
    await clock.advance(1001);

    expect(stack.functions.eventsOf('disconnect')).toHaveLength(1);
  });

  test('is told after the next $connect when the fault lets it be overtaken', async () => {
    const stack = await aSocketStack();
    stack.api.faults.set({ disconnect: 'after-next-connect' });
    const client = await stack.connect();
    client.socket.close();
    await client.closed;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(stack.functions.eventsOf('disconnect')).toEqual([]);

    await stack.connect();

    await until(() => stack.functions.eventsOf('disconnect').length === 1);
    const order = stack.functions.calls.map(({ name }) => name);
    expect(order.slice(-2)).toEqual(['connect', 'disconnect']);
  });

  test('of the whole API drops connections and tells nobody', async () => {
    const stack = await aSocketStack();
    const client = await stack.connect();

    await stack.api.close();

    expect((await client.closed).code).toBe(1006);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(stack.functions.eventsOf('disconnect')).toEqual([]);
    await expect(stack.connect()).rejects.toThrow('ECONNREFUSED');
  });

  test('of the whole API drops what is still to be told', async () => {
    const clock = new ManualClock();
    const stack = await aSocketStack({}, { clock });
    const client = await stack.connect();
    client.socket.close();
    await client.closed;

    await stack.api.close();
    await clock.advance(MINUTE_MS);

    expect(stack.functions.eventsOf('disconnect')).toEqual([]);
  });
});
