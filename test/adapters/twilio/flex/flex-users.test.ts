import { createFreshFetch } from '#adapters/http/fresh-fetch';
import { createFlexUsers } from '#adapters/twilio/flex/flex-users';
import { issueToken } from '#local/emulators/twilio/iam/flex-token';
import { ACCOUNT, type AccountUnderTest, accountUnderTest, sid } from '../account-under-test.ts';

const HOUR_MS = 60 * 60_000;
const ADA = 'ada_40example_2Ecom';

let account: AccountUnderTest;
let nowMs = Date.now();
beforeAll(async () => {
  account = await accountUnderTest();
});
beforeEach(() => {
  nowMs = Date.now();
});
afterEach(() => account.twilio.faults({}));
afterAll(() => account.flexSide.stop());

let serial = 0;
/** Each is another one: what one test has asked helps no other. */
const aToken = (change: { account?: string; identity?: string; expiresAtMs?: number } = {}) => {
  serial += 1;
  const expiresAtMs = Date.now() + HOUR_MS + serial;
  return issueToken(ACCOUNT, {
    account: ACCOUNT.accountSid,
    identity: ADA,
    expiresAtMs,
    ...change,
  });
};

const usersOf = () =>
  createFlexUsers(account.restThrough(createFreshFetch()), ACCOUNT, () => nowMs);

async function requestsDuring(act: () => Promise<unknown>): Promise<number> {
  const before = account.twilio.requests().length;
  await act();
  return account.twilio.requests().length - before;
}

describe('a token of Flex', () => {
  test('tells who the agent is', async () => {
    expect(await usersOf().identify(aToken())).toBe(ADA);
  });

  const STRANGE: readonly (readonly [string, () => string])[] = [
    ['of another account', () => aToken({ account: sid('AC').replace('1', '2') })],
    [
      'that another account has signed',
      () =>
        issueToken(
          { ...ACCOUNT, authToken: 'another' },
          { account: ACCOUNT.accountSid, identity: ADA, expiresAtMs: Date.now() + HOUR_MS },
        ),
    ],
    ['that has expired', () => aToken({ expiresAtMs: Date.now() - 1 })],
    ['without an identity', () => aToken({ identity: '' })],
    ['that is none', () => 'garbage-garbage-garbage'],
  ];

  test.each(STRANGE)('%s is refused', async (_, token) => {
    await expect(usersOf().identify(token())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test.each(STRANGE)(
    '%s is refused, too, where Twilio tells it by the status',
    async (_, token) => {
      account.twilio.faults({ unconfirmed: { badFlexToken: 'status' } });

      await expect(usersOf().identify(token())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    },
  );

  test.each([aToken(), 'garbage-garbage-garbage'])(
    'costs one call, not one each time',
    async (token) => {
      const users = usersOf();

      const calls = await requestsDuring(async () => {
        for (let time = 0; time < 3; time += 1) await users.identify(token).catch(() => {});
      });

      expect(calls).toBe(1);
    },
  );

  test('is believed for two minutes, and then asked for again', async () => {
    const users = usersOf();
    const token = aToken();
    await users.identify(token);

    nowMs += 119_000;
    const within = await requestsDuring(() => users.identify(token));
    nowMs += 2_000;
    const after = await requestsDuring(() => users.identify(token));

    expect([within, after]).toEqual([0, 1]);
  });

  test('is refused once it has expired', async () => {
    const users = usersOf();
    const token = aToken({ expiresAtMs: Date.now() + 60_000 });
    await users.identify(token);

    nowMs += 61_000;

    await expect(users.identify(token)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('is no secret that an error tells', async () => {
    const token = aToken({ account: sid('AC').replace('1', '3') });

    const error = await usersOf()
      .identify(token)
      .catch((refusal: Error) => refusal);

    expect(JSON.stringify([error, (error as Error).message])).not.toContain(token);
  });

  test('is not called bad while Twilio can not be asked', async () => {
    const users = usersOf();
    const token = aToken();
    account.twilio.faults({ rest: { status: 503, count: 1 } });

    await expect(users.identify(token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(await users.identify(token)).toBe(ADA);
  });

  test('of a flood of bad ones costs Twilio a bounded number of calls, and hinders no known agent', async () => {
    const users = usersOf();
    const known = aToken();
    await users.identify(known);

    const calls = await requestsDuring(async () => {
      for (let one = 0; one < 200; one += 1) await users.identify(`garbage-${one}`).catch(() => {});
    });

    expect(calls).toBe(59);
    expect(await users.identify(known)).toBe(ADA);
  });
});
