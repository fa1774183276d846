import { revokeSession } from '#core/connections/revoke-session';
import { admitFrame } from '#core/frames/admit-frame';
import { connectionId } from '#core/ids';
import { deliverMessage } from '#core/letters/deliver-message';
import { retryDelayMs } from '#core/letters/retry-delay';
import { RateLimiter } from '#core/rate-limiter';
import {
  aMessage,
  aStackWithSession,
  chat,
  createMemoryStack,
  DAY_MS,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

describe('retryDelayMs', () => {
  test.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [5, 8_000, 16_000],
    [6, 15_000, 30_000],
    [40, 15_000, 30_000],
  ])('keeps delivery %d back for %d to %d ms', (deliveries, least, most) => {
    expect(retryDelayMs(deliveries, 0)).toBe(least);
    expect(retryDelayMs(deliveries, 1)).toBe(most);
  });

  test('never comes earlier than the upstream asked for', () => {
    expect(retryDelayMs(1, 1, 30_000)).toBe(30_000);
  });
});

describe('RateLimiter', () => {
  const admitMany = (limiter: RateLimiter, times: number, nowMs = NOW_MS, key = 'a') =>
    Array.from({ length: times }, () => limiter.admit(key, nowMs));

  test('admits a burst, then refuses', () => {
    const limiter = new RateLimiter({ perMinute: 60, burst: 3 });

    expect(admitMany(limiter, 5)).toEqual([
      'admitted',
      'admitted',
      'admitted',
      'refused',
      'refused',
    ]);
  });

  test('admits more with time, up to a burst', () => {
    const limiter = new RateLimiter({ perMinute: 60, burst: 3 });
    admitMany(limiter, 3);

    expect(admitMany(limiter, 2, NOW_MS + 1_000)).toEqual(['admitted', 'refused']);
    expect(admitMany(limiter, 4, NOW_MS + DAY_MS)).toEqual([
      'admitted',
      'admitted',
      'admitted',
      'refused',
    ]);
  });

  test('calls it abuse when a client goes on after refusals, and admits it again after some time', () => {
    const limiter = new RateLimiter({ perMinute: 60, burst: 3 });

    expect(admitMany(limiter, 7).slice(-2)).toEqual(['refused', 'abuse']);
    expect(limiter.admit('a', NOW_MS + 60_000)).toBe('admitted');
  });

  test('counts each key for itself', () => {
    const limiter = new RateLimiter({ perMinute: 60, burst: 1 });
    admitMany(limiter, 9);

    expect(limiter.admit('b', NOW_MS)).toBe('admitted');
  });

  test('forgets the key that was not used for the longest time', () => {
    const limiter = new RateLimiter({ perMinute: 60, burst: 1 });
    admitMany(limiter, 2);
    limiter.admit('kept', NOW_MS);
    for (let n = 0; n < 9_999; n += 1) limiter.admit(`key-${n}`, NOW_MS);

    expect(limiter.admit('kept', NOW_MS)).toBe('refused');
    expect(limiter.admit('a', NOW_MS)).toBe('admitted');
  });
});

describe('admitFrame', () => {
  const sender = { sessionId: SESSION, connectionId: TAB };

  test('refuses frames that come too fast, and keeps the connection', async () => {
    const stack = await aStackWithSession();
    const ports = { ...stack, frames: new RateLimiter({ perMinute: 60, burst: 1 }) };
    await admitFrame(ports, sender, NOW_MS);

    await expect(admitFrame(ports, sender, NOW_MS)).rejects.toMatchObject({ code: 'TOO_FAST' });

    expect(stack.customers.pushed(TAB)).toEqual([]);
    expect(stack.customers.isGone(TAB)).toBe(false);
  });

  test("closes every connection of an abuser, whose session can't be resumed", async () => {
    const stack = await aStackWithSession();
    const second = connectionId('tab-2');
    await stack.connections.add(SESSION, second, NOW_MS, NOW_MS + DAY_MS);
    const ports = { ...stack, frames: new RateLimiter({ perMinute: 60, burst: 1 }) };

    for (let n = 0; n < 5; n += 1) await admitFrame(ports, sender, NOW_MS).catch(() => {});

    const closing = { type: 'closing', reason: 'abuse', reconnect: false };
    expect(stack.customers.pushed(TAB)).toContainEqual(closing);
    expect(stack.customers.pushed(second)).toEqual([closing]);
    expect(stack.customers.isGone(second)).toBe(true);
    expect(await stack.sessions.find(SESSION, NOW_MS)).toBeUndefined();
  });

  test('closes a connection of an abuser even if it takes no event', async () => {
    const stack = await aStackWithSession();
    stack.customers.deafen(TAB);
    const ports = { ...stack, frames: new RateLimiter({ perMinute: 60, burst: 1 }) };

    for (let n = 0; n < 5; n += 1) await admitFrame(ports, sender, NOW_MS).catch(() => {});

    expect(stack.customers.isGone(TAB)).toBe(true);
  });

  test('closes the connection of an abuser who never sent hello', async () => {
    const stack = createMemoryStack();
    const ports = { ...stack, frames: new RateLimiter({ perMinute: 60, burst: 1 }) };

    for (let n = 0; n < 5; n += 1) await admitFrame(ports, sender, NOW_MS).catch(() => {});

    expect(stack.customers.isGone(TAB)).toBe(true);
  });
});

describe('revokeSession', () => {
  test('tells and closes the connections that it reaches, and ends the session all the same', async () => {
    const stack = await aStackWithSession();
    const lost = connectionId('lost');
    await stack.connections.add(SESSION, lost, NOW_MS, NOW_MS + DAY_MS);
    stack.customers.fail(lost);

    await revokeSession(stack, SESSION, 'revoked', NOW_MS);

    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'closing', reason: 'revoked', reconnect: false },
    ]);
    expect(stack.customers.isGone(TAB)).toBe(true);
    expect(await stack.sessions.find(SESSION, NOW_MS)).toBeUndefined();
  });
});

describe('deliverMessage at a pace', () => {
  const PACED = { ...POLICY, burstWindowMs: 10_000 };

  test('rejects the message after 20 within the window, and accepts one after the window', async () => {
    const stack = await aStackWithSession();
    for (let n = 0; n < 21; n += 1) {
      await deliverMessage(stack, PACED, aMessage({ id: `m${n}` }), NOW_MS);
    }

    const later = aMessage({ id: 'later', acceptedAtMs: NOW_MS + 10_000 });
    const delivery = await deliverMessage(stack, PACED, later, NOW_MS + 10_000);

    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'rejected', id: 'm20', code: 'rate_limited' },
    ]);
    expect(delivery).toBe('posted');
    expect(stack.flex.channelOf(chat(1))?.messages).toHaveLength(21);
  });

  test('does not punish messages that waited for Flex together', async () => {
    const stack = await aStackWithSession();
    for (let n = 0; n < 40; n += 1) {
      const acceptedAtMs = NOW_MS + n * 1_000;
      await deliverMessage(stack, PACED, aMessage({ id: `m${n}`, acceptedAtMs }), NOW_MS + 60_000);
    }

    expect(stack.customers.pushed(TAB)).toEqual([]);
  });
});
