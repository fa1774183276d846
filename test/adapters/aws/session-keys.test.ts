import {
  formatSessionKeys,
  parseSessionKeys,
  type SessionKey,
  signingKey,
  verifyingKey,
  withNextKey,
} from '#adapters/aws/session-keys';

const DAY_MS = 86_400_000;
const NOW = 1_790_000_000_000;
const FIRST: SessionKey = { key: 'first', fromMs: 0 };
const next = (kid: string, fromMs: number): SessionKey => ({ kid, key: `key ${kid}`, fromMs });

describe('the keys that sign session tokens', () => {
  test.each([
    ['64 letters and digits, as a stack makes it', 'Ab3'.repeat(21)],
    ['another object', '{"key":"x"}'],
    ['unfinished JSON', '{"keys":['],
  ])('are one key without a name where the secret is %s', (_case, text) => {
    expect(parseSessionKeys(text)).toEqual([{ key: text, fromMs: 0 }]);
  });

  test.each([
    ['no key', '{"keys":[]}'],
    ['a key that is no text', '{"keys":[{"key":1,"fromMs":0}]}'],
    ['more keys than there may be', formatSessionKeys(Array(11).fill(FIRST))],
  ])('are a fault of the configuration where their list has %s', (_case, text) => {
    expect(() => parseSessionKeys(text)).toThrow(/no list of 1 to 10 keys/);
  });

  test('are read as they were written, with what a later version may add', () => {
    const keys = [{ ...FIRST, untilMs: NOW }, next('a', NOW)];
    const later = JSON.parse(formatSessionKeys(keys));
    later.version = 2;
    later.keys[0].note = 'new';

    expect(parseSessionKeys(formatSessionKeys(keys))).toEqual(keys);
    expect(parseSessionKeys(JSON.stringify(later))).toEqual(keys);
  });

  test('sign in the order in which they begin, whatever their place', () => {
    const keys = [next('c', 3), next('a', 1), next('b', 2)];

    const signers = [0, 1, 2, 3, 4].map((nowMs) => signingKey(keys, nowMs).kid);

    expect(signers).toEqual(['a', 'a', 'b', 'c', 'c']);
  });

  test('end for the others when one is added, those that end sooner as before', () => {
    const once = withNextKey([FIRST], next('a', NOW), { nowMs: NOW, untilMs: NOW + DAY_MS });
    const twice = withNextKey(once, next('b', NOW + 5), { nowMs: NOW, untilMs: NOW + 2 * DAY_MS });

    expect(twice.map(({ kid, untilMs }) => [kid, untilMs])).toEqual([
      [undefined, NOW + DAY_MS],
      ['a', NOW + 2 * DAY_MS],
      ['b', undefined],
    ]);
  });

  test('are left out once their tokens are not good any more', () => {
    const once = withNextKey([FIRST], next('a', NOW), { nowMs: NOW, untilMs: NOW + DAY_MS });

    const later = { nowMs: NOW + DAY_MS, untilMs: NOW + 3 * DAY_MS };
    const kids = withNextKey(once, next('b', NOW + DAY_MS), later).map(({ kid }) => kid);

    expect(kids).toEqual(['a', 'b']);
  });

  test('verify by their own name only', () => {
    const keys = [FIRST, next('a', NOW)];

    const found = [undefined, 'a', 'b', ''].map((kid) => verifyingKey(keys, kid, NOW)?.key);

    expect(found).toEqual(['first', 'key a', undefined, undefined]);
  });
});
