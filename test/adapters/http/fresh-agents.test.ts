import { type ClientRequest, request as startRequest } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createFreshAgents } from '#adapters/http/fresh-agents';
import { type ResettingServer, startResettingServer } from '#test/support/resetting-server';

const MAX_IDLE_MS = 3_000;

let server: ResettingServer;
beforeEach(async () => {
  server = await startResettingServer();
});
afterEach(() => server.close());

/** Calls the server through one agent, whose clock is moved by hand. */
function aClient() {
  const clock = { nowMs: 1_000_000 };
  const { httpAgent } = createFreshAgents(MAX_IDLE_MS, () => clock.nowMs);
  const call = async (): Promise<ClientRequest> => {
    const request = startRequest(server.url, { agent: httpAgent });
    await new Promise((resolve, reject) => {
      request.on('response', (answer) => answer.resume().on('end', resolve));
      request.on('error', reject);
      request.end();
    });
    // The connection goes back into the pool.
    await nextTurn();
    return request;
  };
  return { call, clock };
}

describe('createFreshAgents', () => {
  test('reuse a connection that has been idle for a short time', async () => {
    const { call, clock } = aClient();
    await call();

    clock.nowMs += MAX_IDLE_MS;

    expect((await call()).reusedSocket).toBe(true);
    expect(server.count('connections')).toBe(1);
  });

  test.each([
    ['idle for longer', MAX_IDLE_MS + 1],
    ['idle for a time that the clock can not tell', -1],
  ])('do not reuse a connection that has been %s', async (_, idleMs) => {
    const { call, clock } = aClient();
    await call();

    clock.nowMs += idleMs;

    expect((await call()).reusedSocket).toBe(false);
    expect(server.count('connections')).toBe(2);
  });

  test('keep what is in use, and reuse the fresh ones of several', async () => {
    const { call, clock } = aClient();
    await Promise.all([call(), call()]);
    clock.nowMs += MAX_IDLE_MS;
    await call();

    clock.nowMs += 1;
    const [first, second] = await Promise.all([call(), call()]);

    expect([first?.reusedSocket, second?.reusedSocket]).toEqual([true, false]);
  });

  test('open new connections after a freeze in which all the old ones were reset', async () => {
    const { call, clock } = aClient();
    await Promise.all([call(), call(), call()]);

    server.resetWhileFrozen();
    clock.nowMs += MAX_IDLE_MS + 1;

    await expect(Promise.all([call(), call(), call()])).resolves.toHaveLength(3);
  });
});
