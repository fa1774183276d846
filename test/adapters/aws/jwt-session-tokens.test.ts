import { createHmac } from 'node:crypto';
import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { JwtSessionTokens } from '#adapters/aws/jwt-session-tokens';
import { formatSessionKeys } from '#adapters/aws/session-keys';
import { ChatError } from '#core/errors';
import { sessionId } from '#core/ids';
import { sessionTokensContract } from '#test/contracts/session-tokens.contract';

const ID = sessionId('a-session');
const NOW = 1_790_000_000_500;
const EXPIRY = NOW + 60_000;
const KEY = 'schlüssel'.repeat(8);

/** Tokens of a secret that holds this text, and after `refresh` that one. */
const tokensOf = (text: string, fresh = text) =>
  new JwtSessionTokens({ read: async () => text, refresh: async () => fresh });

const tokens = tokensOf(KEY);

let keys = 0;
sessionTokensContract('JwtSessionTokens', () => {
  keys += 1;
  const key = `key ${keys} `.repeat(8);
  return tokensOf(key);
});

function failing(error: Error): JwtSessionTokens {
  const fail = () => Promise.reject(error);
  return new JwtSessionTokens({ read: fail, refresh: fail });
}

/** The claims of a good token, some of them replaced or left out. */
async function claims(changes: Record<string, unknown> = {}): Promise<JWTPayload> {
  const all = { ...decodeJwt(await tokens.issue(ID, NOW, EXPIRY)), ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const sign = (payload: JWTPayload, key = KEY, alg = 'HS256') =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));

describe('JwtSessionTokens', () => {
  test('issues an HS256 token that others can check, with times in seconds', async () => {
    const token = await tokens.issue(ID, NOW, EXPIRY);

    const [header, payload, signature] = token.split('.');
    const expected = createHmac('sha256', KEY).update(`${header}.${payload}`).digest('base64url');
    expect(signature).toBe(expected);
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toMatchObject({
      alg: 'HS256',
    });
    expect(decodeJwt(token)).toMatchObject({
      sub: ID,
      iat: 1_790_000_000,
      exp: 1_790_000_060,
    });
  });

  test('takes a token longer than any that is issued for void, without a look at the key', async () => {
    const long = await sign(await claims({ padding: 'x'.repeat(3_500) }));
    const keyless = failing(new Error('no key'));

    expect(long.length).toBeGreaterThan(4_096);
    expect(await keyless.verify(long, NOW)).toBeUndefined();
    expect(await tokens.verify(long, NOW)).toBeUndefined();
  });

  test.each(['header', 'payload'])(
    'takes a token whose %s is nested deep for void',
    async (part) => {
      const deep = base64url.encode(`${'['.repeat(1_400)}${']'.repeat(1_400)}`);
      const [header, payload, signature] = (await tokens.issue(ID, NOW, EXPIRY)).split('.');
      const token = part === 'header' ? [deep, payload, signature] : [header, deep, signature];

      expect(await tokens.verify(token.join('.'), NOW)).toBeUndefined();
    },
  );

  test('accepts the claims of a good token, signed by hand', async () => {
    expect(await tokens.verify(await sign(await claims()), NOW)).toBe(ID);
  });

  test.each<[string, Record<string, unknown>]>([
    ['for another audience', { aud: 'somebody' }],
    ['for no audience', { aud: undefined }],
    ['of another issuer', { iss: 'somebody' }],
    ['of no issuer', { iss: undefined }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['without an expiry', { exp: undefined }],
    ['with an expiry that has passed', { exp: 1_789_999_999 }],
    ['that is not good yet', { nbf: 1_790_000_060 }],
  ])('refuses a well signed token %s', async (_case, changes) => {
    const token = await sign(await claims(changes));

    expect(await tokens.verify(token, NOW)).toBeUndefined();
  });

  test('refuses a payload that was exchanged under its signature', async () => {
    const [header, , signature] = (await tokens.issue(ID, NOW, EXPIRY)).split('.');
    const payload = base64url.encode(JSON.stringify(await claims({ sub: 'another' })));

    expect(await tokens.verify(`${header}.${payload}.${signature}`, NOW)).toBeUndefined();
  });

  test('refuses a token without a signature, alg none', async () => {
    const unsecured = new UnsecuredJWT(await claims()).encode();
    const [header, payload] = unsecured.split('.');

    expect(await tokens.verify(unsecured, NOW)).toBeUndefined();
    expect(await tokens.verify(`${header}.${payload}.c2ln`, NOW)).toBeUndefined();
  });

  test('refuses another algorithm under the right key', async () => {
    expect(await tokens.verify(await sign(await claims(), KEY, 'HS512'), NOW)).toBeUndefined();
  });

  test('refuses a token that another key signed', async () => {
    const token = await sign(await claims(), 'another key '.repeat(4));

    expect(await tokens.verify(token, NOW)).toBeUndefined();
  });

  test('rejects, instead of refusing the token, when the key cannot be read', async () => {
    const keyless = failing(new ChatError('MISCONFIGURED', 'no key'));

    await expect(keyless.verify('any', NOW)).rejects.toMatchObject({ code: 'MISCONFIGURED' });
  });
});

describe('JwtSessionTokens with the keys of a rotation', () => {
  const HOUR_MS = 3_600_000;
  const OLD = { key: KEY, fromMs: 0, untilMs: NOW + 24 * HOUR_MS };
  const NEXT = { kid: 'a1b2c3d4', key: 'the next key '.repeat(4), fromMs: NOW + HOUR_MS };
  const both = formatSessionKeys([OLD, NEXT]);
  const issue = (text: string, nowMs: number) =>
    tokensOf(text).issue(ID, nowMs, nowMs + 24 * HOUR_MS);
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;

  test('signs with the old key until the next one begins, then with that and says so', async () => {
    const signed = [await issue(both, NEXT.fromMs - 1), await issue(both, NEXT.fromMs)];

    expect(signed.map(kidOf)).toEqual([undefined, NEXT.kid]);
  });

  test('takes the tokens of both keys, and those that were signed before there were two', async () => {
    const issued = [await tokens.issue(ID, NOW, EXPIRY), await issue(both, NEXT.fromMs)];

    const seen = issued.map((token) => tokensOf(both).verify(token, NOW));

    expect(await Promise.all(seen)).toEqual([ID, ID]);
  });

  test('takes the next key from a copy whose clock is ahead', async () => {
    const early = await issue(both, NEXT.fromMs);

    expect(await tokensOf(both).verify(early, NEXT.fromMs - 60_000)).toBe(ID);
  });

  test('takes a token of the old key for void once that key is no longer good', async () => {
    const late = await issue(KEY, OLD.untilMs - HOUR_MS);

    const seen = [OLD.untilMs - 1, OLD.untilMs].map((at) => tokensOf(both).verify(late, at));

    expect(await Promise.all(seen)).toEqual([ID, undefined]);
  });

  test('reads the secret anew for a key that it does not know, and no more often', async () => {
    const token = await issue(both, NEXT.fromMs);
    const stranger = await new SignJWT(await claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'ffffffff' })
      .sign(new TextEncoder().encode(KEY));
    let refreshes = 0;
    const counted = (text: string, fresh: string) =>
      new JwtSessionTokens({
        read: async () => text,
        refresh: async () => {
          refreshes += 1;
          return fresh;
        },
      });

    const behind = await counted(KEY, both).verify(token, NOW);
    const forged = await counted(both, both).verify(stranger, NOW);
    const known = await counted(both, KEY).verify(token, NOW);

    expect([behind, forged, known, refreshes]).toEqual([ID, undefined, ID, 2]);
  });

  test('does not take a token of one key that names the other', async () => {
    const token = await new SignJWT(await claims())
      .setProtectedHeader({ alg: 'HS256', kid: NEXT.kid })
      .sign(new TextEncoder().encode(KEY));

    expect(await tokensOf(both).verify(token, NOW)).toBeUndefined();
  });

  test('rejects, instead of refusing the token, when the fresh keys cannot be read', async () => {
    const token = await issue(both, NEXT.fromMs);
    const behind = new JwtSessionTokens({
      read: async () => KEY,
      refresh: () => Promise.reject(new ChatError('UPSTREAM_UNAVAILABLE', 'no keys')),
    });

    await expect(behind.verify(token, NOW)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});
