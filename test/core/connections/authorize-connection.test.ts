import {
  authorizeConnection,
  type ConnectionRequest,
} from '#core/connections/authorize-connection';
import { ChatError } from '#core/errors';
import { sessionId } from '#core/ids';
import { RateLimiter } from '#core/rate-limiter';
import { SharedRate } from '#core/shared-rate';
import {
  aStackWithSession,
  createMemoryStack,
  DAY_MS,
  NOW_MS,
  SESSION,
} from '#test/support/memory-stack';

const SITE = 'https://www.example.com';
const policy = { allowedOrigins: [SITE], allowNonBrowserClients: false };
const HOUR_MS = 60 * 60_000;
const newSessionId = sessionId('new-session');

const aRequest = (overrides: Partial<ConnectionRequest> = {}): ConnectionRequest => ({
  protocols: ['flex-channel.v1'],
  origin: SITE,
  address: '192.0.2.7',
  nowMs: NOW_MS,
  newSessionId,
  ...overrides,
});

describe('authorizeConnection', () => {
  test('begins a new session without a token', async () => {
    expect(await authorizeConnection(createMemoryStack(), policy, aRequest())).toBe(newSessionId);
  });

  test.each([[[]], [['']], [['flex-channel.v2']], [['Flex-Channel.v1']]])(
    'refuses the subprotocols %j',
    async (protocols) => {
      const refused = authorizeConnection(createMemoryStack(), policy, aRequest({ protocols }));

      await expect(refused).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    },
  );

  test.each([
    'https://www.example.com.evil.test',
    'https://evil.test',
    'http://www.example.com',
    'https://www.example.com:8443',
    'null',
    '',
    undefined,
  ])('refuses the origin %j', async (origin) => {
    const refused = authorizeConnection(createMemoryStack(), policy, aRequest({ origin }));

    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('takes a client without an origin only where that is allowed', async () => {
    const open = { ...policy, allowNonBrowserClients: true };

    const id = await authorizeConnection(
      createMemoryStack(),
      open,
      aRequest({ origin: undefined }),
    );

    expect(id).toBe(newSessionId);
  });

  test('refuses a foreign origin even where non-browser clients are allowed', async () => {
    const open = { ...policy, allowNonBrowserClients: true };
    const request = aRequest({ origin: 'https://evil.test' });

    const refused = authorizeConnection(createMemoryStack(), open, request);

    await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('resumes the session of a good token', async () => {
    const stack = await aStackWithSession();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);

    const id = await authorizeConnection(
      stack,
      policy,
      aRequest({ protocols: ['flex-channel.v1', `token.${token}`] }),
    );

    expect(id).toBe(SESSION);
  });

  test('refuses a token that does not verify', async () => {
    const stack = await aStackWithSession();
    const request = aRequest({ protocols: ['flex-channel.v1', 'token.made-up'] });

    const refused = authorizeConnection(stack, policy, request);

    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test('refuses a good token whose session is gone', async () => {
    const stack = createMemoryStack();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);
    const request = aRequest({ protocols: ['flex-channel.v1', `token.${token}`] });

    const refused = authorizeConnection(stack, policy, request);

    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test('refuses an identity that nothing can verify', async () => {
    const request = aRequest({ protocols: ['flex-channel.v1', 'identity.abc'] });

    const refused = authorizeConnection(createMemoryStack(), policy, request);

    await expect(refused).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
  });

  test('refuses new sessions of an address that begins too many, and of no other', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < 3; n += 1) await authorizeConnection(stack, policy, aRequest());

    const refused = authorizeConnection(stack, policy, aRequest());

    await expect(refused).rejects.toMatchObject({ code: 'TOO_FAST' });
    const other = aRequest({ address: '192.0.2.8' });
    expect(await authorizeConnection(stack, policy, other)).toBe(newSessionId);
  });

  test('refuses new sessions of an address that began too many by other copies', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < 100; n += 1) {
      const newSessions = new RateLimiter({ perMinute: 1, burst: 3 });
      await authorizeConnection({ ...stack, newSessions }, policy, aRequest());
    }

    const refused = authorizeConnection(stack, policy, aRequest());

    await expect(refused).rejects.toMatchObject({ code: 'TOO_FAST' });
  });

  test('counts all IPv6 addresses of one line together', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < 3; n += 1) {
      await authorizeConnection(stack, policy, aRequest({ address: `2001:db8:1:2::${n}` }));
    }

    const refused = authorizeConnection(stack, policy, aRequest({ address: '2001:db8:1:2::9' }));

    await expect(refused).rejects.toMatchObject({ code: 'TOO_FAST' });
  });

  test('refuses a session that is resumed too often, and not for good', async () => {
    const stack = await aStackWithSession();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);
    const request = aRequest({ protocols: ['flex-channel.v1', `token.${token}`] });
    for (let n = 0; n < 5; n += 1) await authorizeConnection(stack, policy, request);

    const refused = authorizeConnection(stack, policy, request);

    await expect(refused).rejects.toMatchObject({ code: 'TOO_FAST' });
    const later = { ...request, nowMs: NOW_MS + 60_000 };
    expect(await authorizeConnection(stack, policy, later)).toBe(SESSION);
  });

  test('begins no session while nobody can count', async () => {
    const failing = async () => {
      throw new ChatError('UPSTREAM_UNAVAILABLE', 'throttled');
    };
    const allNewSessions = new SharedRate({ count: failing }, 'address', 60);

    const refused = authorizeConnection(
      { ...createMemoryStack(), allNewSessions },
      policy,
      aRequest(),
    );

    await expect(refused).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test.each([
    ['with a good token', true],
    ['without one', false],
  ])('lets nobody in %s while the key of the tokens cannot be read', async (_, isResuming) => {
    const stack = await aStackWithSession();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);
    const failing = async () => {
      throw new ChatError('UPSTREAM_UNAVAILABLE', 'Secrets Manager is away');
    };
    const tokens = { ready: failing, issue: failing, verify: failing };
    const protocols = ['flex-channel.v1', ...(isResuming ? [`token.${token}`] : [])];

    const refused = authorizeConnection({ ...stack, tokens }, policy, aRequest({ protocols }));

    await expect(refused).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('lets an address that began too many sessions resume one', async () => {
    const stack = await aStackWithSession();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);
    for (let n = 0; n < 3; n += 1) await authorizeConnection(stack, policy, aRequest());

    const request = aRequest({ protocols: ['flex-channel.v1', `token.${token}`] });

    expect(await authorizeConnection(stack, policy, request)).toBe(SESSION);
  });
});

describe('authorizeConnection with an identity', () => {
  /** An identity is its subject, and good for an hour. */
  const identities = {
    verify: async (subject: string, nowMs: number) => {
      if (subject === 'bad') throw new ChatError('IDENTITY_REFUSED', 'not accepted');
      return { issuer: 'us', subject, profile: {}, validUntilMs: nowMs + HOUR_MS };
    },
  };
  const signedIn = (subject: string, overrides: Partial<ConnectionRequest> = {}, token = '') =>
    aRequest({
      protocols: ['flex-channel.v1', `identity.${subject}`, ...(token ? [`token.${token}`] : [])],
      ...overrides,
    });
  const aStack = async () => ({ ...(await aStackWithSession()), identities });
  const laptop = sessionId('laptop');

  test('gives one person one session, whichever device it is', async () => {
    const stack = await aStack();

    expect(await authorizeConnection(stack, policy, signedIn('ada'))).toBe(newSessionId);
    const again = signedIn('ada', { newSessionId: laptop });
    expect(await authorizeConnection(stack, policy, again)).toBe(newSessionId);
    const another = signedIn('grace', { newSessionId: laptop });
    expect(await authorizeConnection(stack, policy, another)).toBe(laptop);
  });

  test('refuses what does not verify, also beside a good token', async () => {
    const stack = await aStack();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);

    const refused = authorizeConnection(stack, policy, signedIn('bad', {}, token));

    await expect(refused).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
  });

  test('makes the anonymous session of the token the person’s', async () => {
    const stack = await aStack();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);

    expect(await authorizeConnection(stack, policy, signedIn('ada', {}, token))).toBe(SESSION);
  });

  test('leads nobody into the session of somebody else by their token', async () => {
    const stack = await aStack();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);
    await authorizeConnection(stack, policy, signedIn('ada', {}, token));

    expect(await authorizeConnection(stack, policy, signedIn('grace', {}, token))).toBe(
      newSessionId,
    );
  });

  test('takes the token alone as long as the identity was good', async () => {
    const stack = await aStack();
    const token = await stack.tokens.issue(SESSION, NOW_MS, NOW_MS + DAY_MS);
    await authorizeConnection(stack, policy, signedIn('ada', {}, token));
    const resume = (nowMs: number) =>
      authorizeConnection(
        stack,
        policy,
        aRequest({ protocols: ['flex-channel.v1', `token.${token}`], nowMs }),
      );

    expect(await resume(NOW_MS + HOUR_MS - 1)).toBe(SESSION);
    await expect(resume(NOW_MS + HOUR_MS)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    const fresh = signedIn('ada', { nowMs: NOW_MS + HOUR_MS }, token);
    expect(await authorizeConnection(stack, policy, fresh)).toBe(SESSION);
    expect(await resume(NOW_MS + HOUR_MS)).toBe(SESSION);
  });

  test('refuses a person who signs in too often, and no other', async () => {
    const stack = await aStack();
    for (let n = 0; n < 5; n += 1) await authorizeConnection(stack, policy, signedIn('ada'));

    const refused = authorizeConnection(stack, policy, signedIn('ada'));

    await expect(refused).rejects.toMatchObject({ code: 'TOO_FAST' });
    const another = signedIn('grace', { newSessionId: laptop });
    expect(await authorizeConnection(stack, policy, another)).toBe(laptop);
  });
});
