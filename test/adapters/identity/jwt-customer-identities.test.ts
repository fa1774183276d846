import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  createLocalJWKSet,
  exportJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import {
  type IdentityKeys,
  JwtCustomerIdentities,
} from '#adapters/identity/jwt-customer-identities';
import { ChatError } from '#core/errors';

const NOW = 1_790_000_000_000;
const ISSUER = 'https://login.example.com/';
const FROM = {
  issuer: ISSUER,
  audience: 'shop',
  claims: { name: 'name', email: 'email', language: 'locale' },
};
const SECRET = 'a secret that both know, of length';

const aKeyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const mine = aKeyPair();
const other = aKeyPair();

const jwk = async (key: KeyObject, kid: string): Promise<JWK> => ({
  ...(await exportJWK(key)),
  kid,
});

/** An issuer's keys that never change. */
const publicKeys = (keys: JWK[]): IdentityKeys => {
  const find = createLocalJWKSet({ keys });
  return { kind: 'publicKeys', current: async () => find, refreshed: async () => find };
};

const sharedSecret = (text = SECRET): IdentityKeys => ({
  kind: 'sharedSecret',
  read: async () => text,
  refresh: async () => text,
});

const seconds = (ms: number) => Math.floor(ms / 1000);

const CLAIMS = {
  iss: ISSUER,
  aud: 'shop',
  sub: 'user-1',
  exp: seconds(NOW) + 600,
  name: 'Ada',
  email: 'ada@example.com',
};

/** Signed with the issuer's key, some claims replaced or left out. */
function signed(
  changes: Record<string, unknown> = {},
  { key = mine.privateKey, kid = 'k1', alg = 'ES256' } = {},
): Promise<string> {
  const all = { ...CLAIMS, ...changes };
  const claims = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(claims as JWTPayload).setProtectedHeader({ alg, kid }).sign(key);
}

const sharedly = (secret: string | Uint8Array, alg = 'HS256') =>
  new SignJWT(CLAIMS)
    .setProtectedHeader({ alg, kid: 'k1' })
    .sign(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret);

const identities = async () =>
  new JwtCustomerIdentities(FROM, publicKeys([await jwk(mine.publicKey, 'k1')]));

const REFUSED = { code: 'IDENTITY_REFUSED' };

describe('an identity', () => {
  test('says who the customer is, from its claims', async () => {
    expect(await (await identities()).verify(await signed(), NOW)).toEqual({
      issuer: ISSUER,
      subject: 'user-1',
      profile: { name: 'Ada', email: 'ada@example.com' },
      validUntilMs: (seconds(NOW) + 660) * 1000,
    });
  });

  test('is good for a day at most, whatever it says itself', async () => {
    const token = await signed({ exp: seconds(NOW) + 10 * 365 * 86_400 });

    expect((await (await identities()).verify(token, NOW)).validUntilMs).toBe(NOW + 86_400_000);
  });

  test.each([
    ['of another issuer', { iss: 'https://login.example.com' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'bank' }],
    ['for several audiences without ours', { aud: ['bank', 'post'] }],
    ['without an audience', { aud: undefined }],
    ['that never expires', { exp: undefined }],
    ['whose expiry is no number', { exp: 'never' }],
    ['that is good in two minutes only', { nbf: seconds(NOW) + 120 }],
    ['without a subject', { sub: undefined }],
    ['whose subject is blank', { sub: ' ' }],
    ['whose subject is no text', { sub: 7 }],
    ['whose subject is too long', { sub: 'x'.repeat(257) }],
  ])('%s is refused', async (_, changes) => {
    const verified = (await identities()).verify(await signed(changes), NOW);

    await expect(verified).rejects.toMatchObject(REFUSED);
  });

  test('for several audiences, ours among them, is taken', async () => {
    const token = await signed({ aud: ['bank', 'shop'] });

    expect((await (await identities()).verify(token, NOW)).subject).toBe('user-1');
  });

  test.each([
    [30, 'taken, as clocks differ'],
    [59, 'taken, as clocks differ'],
  ])('that expired %i s ago is %s', async (agoSeconds) => {
    const token = await signed({ exp: seconds(NOW) - agoSeconds });

    expect((await (await identities()).verify(token, NOW)).subject).toBe('user-1');
  });

  test('that expired longer ago is told from one that was never good', async () => {
    const verified = (await identities()).verify(await signed({ exp: seconds(NOW) - 60 }), NOW);

    await expect(verified).rejects.toMatchObject({ code: 'IDENTITY_EXPIRED' });
  });

  test('that expired and is of somebody else is refused, not called expired', async () => {
    const token = await signed({ exp: seconds(NOW) - 600 }, { key: other.privateKey });

    await expect((await identities()).verify(token, NOW)).rejects.toMatchObject(REFUSED);
  });

  test('signed by another key under the name of ours is refused', async () => {
    const verified = (await identities()).verify(await signed({}, { key: other.privateKey }), NOW);

    await expect(verified).rejects.toMatchObject(REFUSED);
  });

  test('with any part changed is refused', async () => {
    const [header = '', payload = '', signature = ''] = (await signed()).split('.');
    const forged = Buffer.from(JSON.stringify({ ...CLAIMS, sub: 'admin' })).toString('base64url');
    const all = await identities();

    for (const token of [
      `${header}.${forged}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${payload}.${signature}.${signature}`,
      '',
      'x'.repeat(9_000),
    ]) {
      await expect(all.verify(token, NOW)).rejects.toMatchObject(REFUSED);
    }
  });

  test('without a signature is refused by either kind of key', async () => {
    const unsigned = new UnsecuredJWT(CLAIMS).encode();

    for (const keys of [publicKeys([await jwk(mine.publicKey, 'k1')]), sharedSecret()]) {
      const verified = new JwtCustomerIdentities(FROM, keys).verify(unsigned, NOW);
      await expect(verified).rejects.toMatchObject(REFUSED);
    }
  });

  test('signed with a public key as if it were a secret is refused', async () => {
    const asText = mine.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const asJwk = JSON.stringify(await jwk(mine.publicKey, 'k1'));

    for (const secret of [asText, asJwk]) {
      const verified = (await identities()).verify(await sharedly(secret), NOW);
      await expect(verified).rejects.toMatchObject(REFUSED);
    }
  });

  test('signed with a secret that stands among the public keys is refused', async () => {
    const k = Buffer.from(SECRET).toString('base64url');
    const keys = publicKeys([{ kty: 'oct', k, kid: 'k1', alg: 'HS256' }]);

    const verified = new JwtCustomerIdentities(FROM, keys).verify(await sharedly(SECRET), NOW);

    await expect(verified).rejects.toMatchObject(REFUSED);
  });

  test('that names no key is refused where the issuer has several', async () => {
    const keys = publicKeys([await jwk(mine.publicKey, 'k1'), await jwk(other.publicKey, 'k2')]);
    const token = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'ES256' })
      .sign(mine.privateKey);

    await expect(new JwtCustomerIdentities(FROM, keys).verify(token, NOW)).rejects.toMatchObject(
      REFUSED,
    );
  });

  test('repeats nothing of itself when it is refused', async () => {
    const token = await signed({ aud: 'audience-of-ada', sub: 'subject-of-ada' });

    const error = await (await identities()).verify(token, NOW).catch((failure) => failure);

    expect(String(error)).not.toMatch(/of-ada|ada@example/);
  });
});

describe('keys of an issuer', () => {
  test('that are not known are asked for once more', async () => {
    const before = createLocalJWKSet({ keys: [await jwk(other.publicKey, 'k0')] });
    const after = createLocalJWKSet({ keys: [await jwk(mine.publicKey, 'k1')] });
    const keys: IdentityKeys = {
      kind: 'publicKeys',
      current: async () => before,
      refreshed: async () => after,
    };

    const identity = await new JwtCustomerIdentities(FROM, keys).verify(await signed(), NOW);

    expect(identity.subject).toBe('user-1');
  });

  test('that can not be had let nobody in, and say so', async () => {
    const away = async () => {
      throw new ChatError('UPSTREAM_UNAVAILABLE', 'away');
    };
    const keys: IdentityKeys = { kind: 'publicKeys', current: away, refreshed: away };

    const verified = new JwtCustomerIdentities(FROM, keys).verify(await signed(), NOW);

    await expect(verified).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

describe('a shared secret', () => {
  test('verifies what was signed with it', async () => {
    const all = new JwtCustomerIdentities(FROM, sharedSecret());

    expect((await all.verify(await sharedly(SECRET), NOW)).subject).toBe('user-1');
  });

  test('refuses what was signed with another, and with a private key', async () => {
    const all = new JwtCustomerIdentities(FROM, sharedSecret());

    for (const token of [await sharedly(`${SECRET}!`), await signed()]) {
      await expect(all.verify(token, NOW)).rejects.toMatchObject(REFUSED);
    }
  });

  test('that was rotated is read anew', async () => {
    const keys: IdentityKeys = {
      kind: 'sharedSecret',
      read: async () => 'the secret that was good before this one',
      refresh: async () => SECRET,
    };

    const identity = await new JwtCustomerIdentities(FROM, keys).verify(
      await sharedly(SECRET),
      NOW,
    );

    expect(identity.subject).toBe('user-1');
  });

  test('that is too short lets nobody in', async () => {
    const verified = new JwtCustomerIdentities(FROM, sharedSecret('short')).verify(
      await sharedly(SECRET),
      NOW,
    );

    await expect(verified).rejects.toMatchObject({ code: 'MISCONFIGURED' });
  });
});
