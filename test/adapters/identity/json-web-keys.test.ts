import { generateKeyPairSync } from 'node:crypto';
import { exportJWK } from 'jose';
import { JsonWebKeys } from '#adapters/identity/json-web-keys';

const NOW = 1_790_000_000_000;
const SECOND = 1_000;
const MINUTE = 60_000;
const URL_OF_KEYS = 'https://login.example.com/jwks.json';
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const hasKey = async (find: Awaited<ReturnType<JsonWebKeys['current']>>, kid: string) => {
  try {
    await find({ alg: 'ES256', kid }, { payload: '', signature: '' });
    return true;
  } catch {
    return false;
  }
};

/** An issuer whose keys are named, and how often it was asked. */
function anIssuer(...kids: string[]) {
  const issuer = { kids, fails: false, asked: 0 };
  const fetch = async () => {
    issuer.asked += 1;
    if (issuer.fails) throw new Error('unreachable');
    const jwk = await exportJWK(publicKey);
    return Response.json({ keys: issuer.kids.map((kid) => ({ ...jwk, kid })) });
  };
  return { issuer, keys: new JsonWebKeys(URL_OF_KEYS, fetch) };
}

describe('the keys of an issuer', () => {
  test('are asked for once, also by many at the same time', async () => {
    const { issuer, keys } = anIssuer('k1');

    await Promise.all(Array.from({ length: 50 }, () => keys.current(NOW)));
    await keys.current(NOW + 4 * MINUTE);

    expect(issuer.asked).toBe(1);
  });

  test('that are taken back are gone after five minutes', async () => {
    const { issuer, keys } = anIssuer('k1', 'k2');
    await keys.current(NOW);
    issuer.kids = ['k2'];

    expect(await hasKey(await keys.current(NOW + 5 * MINUTE), 'k1')).toBe(false);
    expect(await hasKey(await keys.current(NOW + 5 * MINUTE), 'k2')).toBe(true);
  });

  test('that are new are found at once, a minute after the last time', async () => {
    const { issuer, keys } = anIssuer('k1');
    await keys.current(NOW);
    issuer.kids = ['k1', 'k2'];

    expect(await hasKey(await keys.refreshed(NOW + MINUTE), 'k2')).toBe(true);
  });

  test('are asked for once in a minute, however many tokens name others', async () => {
    const { issuer, keys } = anIssuer('k1');
    await keys.current(NOW);
    for (let ms = 0; ms < 3 * MINUTE; ms += 100) await keys.refreshed(NOW + ms);

    expect(issuer.asked).toBe(3);
  });

  test('stay in use for an hour while the issuer is away, and no longer', async () => {
    const { issuer, keys } = anIssuer('k1');
    await keys.current(NOW);
    issuer.fails = true;

    expect(await hasKey(await keys.current(NOW + 59 * MINUTE), 'k1')).toBe(true);
    await expect(keys.current(NOW + 60 * MINUTE)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  });

  test('let nobody in while there were never any, and are asked for every 5 s', async () => {
    const { issuer, keys } = anIssuer('k1');
    issuer.fails = true;
    for (let ms = 0; ms < 10 * SECOND; ms += 100) {
      await expect(keys.current(NOW + ms)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    }
    expect(issuer.asked).toBe(2);

    issuer.fails = false;

    expect(await hasKey(await keys.current(NOW + 10 * SECOND), 'k1')).toBe(true);
  });

  test('are not waited for without an end', async () => {
    const signals: unknown[] = [];
    const keys = new JsonWebKeys(URL_OF_KEYS, async (_, init) => {
      signals.push(init?.signal);
      throw new Error('too late');
    });

    await expect(keys.current(NOW)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(signals).toEqual([expect.any(AbortSignal)]);
  });

  test.each([
    ['are no JSON', () => new Response('<html>')],
    ['are no list', () => Response.json({ keys: 'k1' })],
    ['are too many', () => Response.json({ keys: Array(51).fill({ kty: 'EC' }) })],
    ['come with an error', () => Response.json({ keys: [] }, { status: 500 })],
  ])('that %s are none', async (_, answer) => {
    const keys = new JsonWebKeys(URL_OF_KEYS, async () => answer());

    await expect(keys.current(NOW)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});
