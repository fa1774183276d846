import { signIn } from '#core/connections/sign-in';
import type { Identity } from '#core/identity';
import { channelSid, connectionId, type SessionId, sessionId } from '#core/ids';
import type { StartedChat } from '#core/session';
import { createMemoryStack, DAY_MS, type MemoryStack, NOW_MS } from '#test/support/memory-stack';

const ADA: Identity = {
  issuer: 'https://login.example.com/',
  subject: 'ada',
  profile: { name: 'Ada' },
  validUntilMs: NOW_MS + 3_600_000,
};
const GRACE: Identity = { ...ADA, subject: 'grace', profile: { name: 'Grace' } };
const OPEN: StartedChat = {
  number: 1,
  state: 'open',
  channel: { sid: channelSid('CH00000000000000000000000000000001') },
};
const PHONE = sessionId('phone');
const LAPTOP = sessionId('laptop');

/** Signs in as from a device whose client has the session `own`, or none. */
async function enter(
  stack: MemoryStack,
  newSessionId: SessionId,
  { identity = ADA, own = undefined as SessionId | undefined, nowMs = NOW_MS } = {},
): Promise<SessionId> {
  const record = own && (await stack.sessions.find(own, nowMs));
  return signIn(stack, { identity, own: record, newSessionId, nowMs });
}

async function anonymous(stack: MemoryStack, id: SessionId, chat?: StartedChat) {
  await stack.sessions.renew(id, NOW_MS, NOW_MS + DAY_MS);
  if (chat) await stack.sessions.changeChat(id, { number: 1, state: 'none' }, chat);
}

describe('signing in', () => {
  test('leads two devices of one person into one session', async () => {
    const stack = createMemoryStack();

    expect(await enter(stack, PHONE)).toBe(PHONE);
    expect(await enter(stack, LAPTOP)).toBe(PHONE);
  });

  test('leads two devices that come at the same moment into one session', async () => {
    const stack = createMemoryStack();

    const [one, two] = await Promise.all([enter(stack, PHONE), enter(stack, LAPTOP)]);

    expect(one).toBe(two);
  });

  test('stays where the person already talks, though the client talks elsewhere', async () => {
    const stack = createMemoryStack();
    await enter(stack, PHONE);
    await stack.sessions.changeChat(PHONE, { number: 1, state: 'none' }, OPEN);
    await anonymous(stack, LAPTOP, OPEN);

    expect(await enter(stack, sessionId('new'), { own: LAPTOP })).toBe(PHONE);
    expect(await stack.sessions.find(PHONE, NOW_MS)).toBeDefined();
  });

  test('leaves nobody where they are already, though the chat has ended meanwhile', async () => {
    const stack = createMemoryStack();
    await enter(stack, PHONE);
    await stack.sessions.changeChat(PHONE, { number: 1, state: 'none' }, OPEN);
    const own = await stack.sessions.find(PHONE, NOW_MS);
    await stack.sessions.changeChat(PHONE, OPEN, { ...OPEN, state: 'ended' });

    const input = { identity: ADA, own, newSessionId: sessionId('new'), nowMs: NOW_MS };
    expect(await signIn(stack, input)).toBe(PHONE);
    expect(await stack.sessions.find(PHONE, NOW_MS)).toBeDefined();
  });

  test('gives up when others sign in without a pause', async () => {
    const stack = createMemoryStack();
    const people = { find: async () => undefined, claim: async () => false };

    const entering = signIn(
      { ...stack, people },
      { identity: ADA, newSessionId: PHONE, nowMs: NOW_MS },
    );

    await expect(entering).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('gives each person a session of their own', async () => {
    const stack = createMemoryStack();

    expect(await enter(stack, PHONE)).toBe(PHONE);
    expect(await enter(stack, LAPTOP, { identity: GRACE })).toBe(LAPTOP);
  });

  test('tells a subject of one issuer from the same one of another', async () => {
    const stack = createMemoryStack();
    await enter(stack, PHONE);

    const elsewhere = { ...ADA, issuer: 'https://login.example.org/' };

    expect(await enter(stack, LAPTOP, { identity: elsewhere })).toBe(LAPTOP);
  });

  test('notes whose session it is', async () => {
    const stack = createMemoryStack();
    await enter(stack, PHONE);

    expect(await stack.sessions.find(PHONE, NOW_MS)).toMatchObject({
      identity: ADA,
      profile: { name: 'Ada', verified: { issuer: ADA.issuer, subject: 'ada' } },
    });
  });

  test.each([
    ['has expired', async () => {}],
    ['was revoked', (stack: MemoryStack) => stack.sessions.revoke(PHONE)],
  ])('begins another session once the first one %s', async (_, end) => {
    const stack = createMemoryStack();
    await enter(stack, PHONE);
    await end(stack);

    expect(await enter(stack, LAPTOP, { nowMs: NOW_MS + 3 * DAY_MS })).toBe(LAPTOP);
  });

  test('keeps the anonymous session of the client for a person who has none', async () => {
    const stack = createMemoryStack();
    await anonymous(stack, LAPTOP, OPEN);

    expect(await enter(stack, PHONE, { own: LAPTOP })).toBe(LAPTOP);
    expect(await enter(stack, PHONE)).toBe(LAPTOP);
  });

  test('leaves an anonymous session in which nothing goes on', async () => {
    const stack = createMemoryStack();
    await enter(stack, PHONE);
    await anonymous(stack, LAPTOP);

    expect(await enter(stack, sessionId('new'), { own: LAPTOP })).toBe(PHONE);
  });

  test('does not tear a customer from an agent: the other devices come along', async () => {
    const stack = createMemoryStack();
    await enter(stack, PHONE);
    await stack.connections.add(PHONE, connectionId('phone-1'), NOW_MS, NOW_MS + DAY_MS);
    await anonymous(stack, LAPTOP, OPEN);

    expect(await enter(stack, sessionId('new'), { own: LAPTOP })).toBe(LAPTOP);
    expect(await enter(stack, sessionId('new'))).toBe(LAPTOP);
    expect(stack.customers.pushed(connectionId('phone-1'))).toEqual([
      { type: 'closing', reason: 'expired', reconnect: true },
    ]);
  });

  test('never hands out, nor takes over, the session of somebody else', async () => {
    const stack = createMemoryStack();
    await enter(stack, PHONE, { identity: GRACE });

    expect(await enter(stack, LAPTOP, { own: PHONE })).toBe(LAPTOP);
    expect((await stack.sessions.find(PHONE, NOW_MS))?.identity).toEqual(GRACE);
  });

  test('trusts no pointer to a session that is not known to be the person’s', async () => {
    const stack = createMemoryStack();
    await anonymous(stack, PHONE);
    await stack.people.claim(ADA, undefined, PHONE, NOW_MS, NOW_MS + DAY_MS);

    expect(await enter(stack, LAPTOP)).toBe(LAPTOP);
  });
});
