import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as v from 'valibot';
import { createFreshFetch } from '#adapters/http/fresh-fetch';
import { createTwilioRest } from '#adapters/twilio/rest/rest-client';
import { path } from '#adapters/twilio/rest/twilio-path';
import { type ResettingServer, startResettingServer } from '#test/support/resetting-server';

describe('a call of Twilio', () => {
  let server: ResettingServer;
  beforeEach(async () => {
    server = await startResettingServer();
  });
  afterEach(() => server.close());

  /** Posts to the server, with a clock that moves by hand, or by a step each time it is read. */
  function aClient({ stepMs = 0 } = {}) {
    const clock = { nowMs: Date.now() };
    const rest = createTwilioRest({
      credentials: async () => ({ user: 'SK1', password: 'secret' }),
      endpointUrl: server.url,
      fetch: createFreshFetch(() => {
        clock.nowMs += stepMs;
        return clock.nowMs;
      }),
    });
    const post = async () => {
      const host = 'conversations.twilio.com';
      await rest({ method: 'POST', host, path: path`/v1/X`, answer: v.unknown() });
      // The connection goes back into the pool.
      await nextTurn();
    };
    return { clock, post };
  }

  test('goes over a new connection after a freeze of some seconds, in which the old one was reset', async () => {
    const { clock, post } = aClient();
    await post();

    server.resetWhileFrozen();
    clock.nowMs += 6_000;
    await post();

    expect(server.count('requests')).toBe(2);
  });

  test('comes again after a second when the kept connection was closed just before it', async () => {
    const { post } = aClient();
    await post();

    server.resetWhileFrozen();

    await expect(post()).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfterMs: 1_000,
    });
    expect(server.count('requests')).toBe(1);
  });

  test('comes again after five seconds when a new connection was reset', async () => {
    const { post } = aClient();
    server.resetNextRequest();

    await expect(post()).rejects.toMatchObject({ retryAfterMs: 5_000 });
    expect(server.count('requests')).toBe(1);
  });

  test('comes again after five seconds when a kept connection was reset after a while', async () => {
    const { post } = aClient({ stepMs: 1_000 });
    await post();

    server.resetNextRequest();

    await expect(post()).rejects.toMatchObject({ retryAfterMs: 5_000 });
    expect(server.count('requests')).toBe(2);
  });
});

describe('createFreshFetch', () => {
  async function answeredBy(
    listener: RequestListener,
    init?: RequestInit,
    maxBytes?: number,
  ): Promise<Response> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    const { port } = await new Promise<AddressInfo>((resolve) => {
      server.on('listening', () => resolve(server.address() as AddressInfo));
    });
    try {
      return await createFreshFetch(Date.now, maxBytes)(`http://127.0.0.1:${port}/a?b=c`, init);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  test('sends method, path, headers and body, and gives status, headers and text', async () => {
    const answer = await answeredBy(
      async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        const { method, url, headers } = request;
        response.writeHead(429, { 'retry-after': '7' });
        response.end(JSON.stringify([method, url, headers['x-a'], body]));
      },
      { method: 'POST', headers: { 'X-A': '1' }, body: new URLSearchParams({ Body: 'ü &' }) },
    );

    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await answer.json()).toEqual(['POST', '/a?b=c', '1', 'Body=%C3%BC+%26']);
  });

  test('gives an answer without a body', async () => {
    const answer = await answeredBy((_, response) => response.writeHead(204).end());

    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  test('reads no more of an answer than it is to', async () => {
    const endless: RequestListener = (_, response) => {
      const more = () => response.write('x'.repeat(1_000), () => !response.destroyed && more());
      more();
    };

    await expect(answeredBy(endless, {}, 5_000)).rejects.toThrow('more than 5000 bytes');
    const answer = await answeredBy((_, response) => response.end('x'.repeat(5_000)), {}, 5_000);
    expect(await answer.text()).toHaveLength(5_000);
  });

  test('follows no redirection', async () => {
    const answer = answeredBy((_, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:9' }).end(),
    );

    await expect(answer).rejects.toThrow('unexpected redirection: 307');
  });

  test.each([
    ['never answers', () => {}],
    ['never ends its answer', (_, response) => response.writeHead(200).write('{')],
  ] satisfies [string, RequestListener][])('gives up a server that %s', async (_, listener) => {
    const answer = answeredBy(listener, { signal: AbortSignal.timeout(50) });

    await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('tells a body that was cut off from a connection that was closed', async () => {
    const answer = answeredBy((request, response) => {
      response.writeHead(200, { 'content-length': '9' }).write('{', () => request.socket.destroy());
    });

    await expect(answer).rejects.toMatchObject({ name: 'Error', code: 'ECONNRESET' });
  });
});
