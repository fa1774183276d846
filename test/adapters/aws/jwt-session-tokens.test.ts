import { createHmac } from 'node:crypto';
import { base64url, decodeJwt, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { JwtSessionTokens } from '#adapters/aws/jwt-session-tokens';
import { ChatError } from '#core/errors';
import { sessionId } from '#core/ids';
import { sessionTokensContract } from '#test/contracts/session-tokens.contract';

const ID = sessionId('a-session');
const NOW = 1_790_000_000_500;
const EXPIRY = NOW + 60_000;
const KEY = 'schlüssel'.repeat(8);

const tokens = new JwtSessionTokens(async () => KEY);

let keys = 0;
sessionTokensContract('JwtSessionTokens', () => {
  keys += 1;
  const key = `key ${keys} `.repeat(8);
  return new JwtSessionTokens(async () => key);
});

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
    const keyless = new JwtSessionTokens(() => Promise.reject(new Error('no key')));

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

  test('follows the key when it changes', async () => {
    let key = KEY;
    const rotating = new JwtSessionTokens(async () => key);
    const token = await rotating.issue(ID, NOW, EXPIRY);

    key = 'the next key '.repeat(4);

    expect(await rotating.verify(token, NOW)).toBeUndefined();
  });

  test('rejects, instead of refusing the token, when the key cannot be read', async () => {
    const failing = new JwtSessionTokens(async () => {
      throw new ChatError('MISCONFIGURED', 'no key');
    });

    await expect(failing.verify('any', NOW)).rejects.toMatchObject({ code: 'MISCONFIGURED' });
  });
});
