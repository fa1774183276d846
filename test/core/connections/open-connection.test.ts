import { openConnection } from '#core/connections/open-connection';
import { type ConnectionId, connectionId } from '#core/ids';
import {
  createMemoryStack,
  DAY_MS,
  type MemoryStack,
  NOW_MS,
  SESSION,
} from '#test/support/memory-stack';

const LIMIT = 3;
const CLOSING = { type: 'closing', reason: 'connection_limit', reconnect: false };

const name = (n: number) => connectionId(`c-${String(n).padStart(3, '0')}`);

const open = (stack: MemoryStack, id: ConnectionId, connectedAtMs: number, isResumed = true) =>
  openConnection(
    stack,
    { connectionsPerSession: LIMIT },
    {
      sessionId: SESSION,
      connectionId: id,
      connectedAtMs,
      isResumed,
      nowMs: NOW_MS,
    },
  );

async function listed(stack: MemoryStack): Promise<string[]> {
  return (await stack.connections.list(SESSION, NOW_MS)).map(({ id }) => id).sort();
}

/** As a connection that is still opening, or dead: nothing reaches it yet. */
function reachableFrom(stack: MemoryStack, ids: readonly ConnectionId[], isOpen: () => boolean) {
  const { customers } = stack;
  const closed: ConnectionId[] = [];
  return {
    closed,
    ports: {
      ...stack,
      customers: {
        push: async (id: ConnectionId) => !ids.includes(id) || isOpen(),
        close: async (id: ConnectionId) => {
          if (!ids.includes(id) || isOpen()) closed.push(id);
          await customers.close(id);
        },
      },
    },
  };
}

describe('openConnection', () => {
  test('adds a connection, and closes none below the limit', async () => {
    const stack = createMemoryStack();

    for (let n = 0; n < LIMIT; n += 1) await open(stack, name(n), NOW_MS - LIMIT + n);

    expect(await listed(stack)).toEqual(['c-000', 'c-001', 'c-002']);
    expect(stack.customers.isGone(name(0))).toBe(false);
  });

  test('closes the oldest one above the limit, with its reason', async () => {
    const stack = createMemoryStack();

    for (let n = 0; n <= LIMIT; n += 1) await open(stack, name(n), NOW_MS - 100 + n);

    expect(await listed(stack)).toEqual(['c-001', 'c-002', 'c-003']);
    expect(stack.customers.pushed(name(0))).toEqual([CLOSING]);
    expect(stack.customers.isGone(name(0))).toBe(true);
    expect(stack.customers.isGone(name(1))).toBe(false);
  });

  test('does not count expired connections', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < LIMIT; n += 1) {
      await stack.connections.add(SESSION, name(n), NOW_MS - DAY_MS, NOW_MS - 1);
    }

    await open(stack, name(9), NOW_MS);

    expect(stack.customers.isGone(name(0))).toBe(false);
  });

  test('leaves exactly the limit open of many that come at once, the newest', async () => {
    const stack = createMemoryStack();

    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) => open(stack, name(n), NOW_MS + n)),
    );

    expect(await listed(stack)).toEqual(['c-057', 'c-058', 'c-059']);
    const opened = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [name(n)] : []));
    const staying = opened.filter((id) => !stack.customers.isGone(id));
    expect(staying).toEqual(['c-057', 'c-058', 'c-059']);
  });

  test('refuses a connection after which too many others have opened', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < LIMIT; n += 1) await open(stack, name(n), NOW_MS);

    const late = open(stack, name(9), NOW_MS - 1_000);

    await expect(late).rejects.toMatchObject({ code: 'TOO_FAST' });
    expect(await listed(stack)).toEqual(['c-000', 'c-001', 'c-002']);
  });

  test('closes a connection that was still opening, once it has opened', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < LIMIT; n += 1) await open(stack, name(n), NOW_MS - 10 + n);
    let hasOpened = false;
    const { ports, closed } = reachableFrom(stack, [name(0)], () => hasOpened);
    const pause = async () => {
      hasOpened = true;
    };

    await open({ ...stack, ...ports, pause } as never, name(9), NOW_MS);

    expect(closed).toEqual([name(0)]);
  });

  test('does not wait for a connection that is long dead', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < LIMIT; n += 1) await open(stack, name(n), NOW_MS - 60_000 + n);
    const { ports } = reachableFrom(stack, [name(0)], () => false);
    const pause = jest.fn(async () => {});

    await open({ ...stack, ...ports, pause } as never, name(9), NOW_MS);

    expect(pause).not.toHaveBeenCalled();
    expect(await listed(stack)).toEqual(['c-001', 'c-002', 'c-009']);
  });

  test('does not open when other newcomers have closed it while it waited', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < LIMIT; n += 1) await open(stack, name(n), NOW_MS - 10 + n);
    const { ports } = reachableFrom(stack, [name(0)], () => false);
    const pause = async () => {
      await stack.connections.take(SESSION, name(9));
    };

    const opening = open({ ...stack, ...ports, pause } as never, name(9), NOW_MS);

    await expect(opening).rejects.toMatchObject({ code: 'TOO_FAST' });
  });

  test('asks for no list when the session has just begun', async () => {
    const stack = createMemoryStack();
    const list = jest.spyOn(stack.connections, 'list');

    await open(stack, name(0), NOW_MS, false);

    expect(list).not.toHaveBeenCalled();
  });
});
