import { sessionId } from '#core/ids';
import type { SessionTokens } from '#core/ports';

const ID = sessionId('a-session');
const NOW = 1_790_000_000_000;
const EXPIRY = NOW + 60_000;

/** @param create tokens that know nothing of those of an earlier call. */
export function sessionTokensContract(name: string, create: () => SessionTokens): void {
  describe(`${name} as SessionTokens`, () => {
    test('proves the session that a token was issued for', async () => {
      const tokens = create();
      const mine = await tokens.issue(ID, NOW, EXPIRY);
      const theirs = await tokens.issue(sessionId('another'), NOW, EXPIRY);

      expect(await tokens.verify(mine, NOW)).toBe(ID);
      expect(await tokens.verify(theirs, NOW)).toBe('another');
    });

    test('is ready when it can issue and verify', async () => {
      await expect(create().ready()).resolves.toBeUndefined();
    });

    test('issues tokens that fit a subprotocol value', async () => {
      const token = await create().issue(ID, NOW, EXPIRY);

      expect(token).toMatch(/^[A-Za-z0-9._-]+$/);
    });

    test('refuses a token from its expiry on', async () => {
      const tokens = create();
      const token = await tokens.issue(ID, NOW, EXPIRY);

      expect(await tokens.verify(token, EXPIRY - 1)).toBe(ID);
      expect(await tokens.verify(token, EXPIRY)).toBeUndefined();
    });

    test('refuses a token that was issued elsewhere', async () => {
      const token = await create().issue(ID, NOW, EXPIRY);

      expect(await create().verify(token, NOW)).toBeUndefined();
    });

    test('refuses a token with any one character changed, added or left out', async () => {
      const tokens = create();
      const token = await tokens.issue(ID, NOW, EXPIRY);
      const mutants = [...token].flatMap((character, at) => [
        token.slice(0, at) + (character === 'A' ? 'B' : 'A') + token.slice(at + 1),
        token.slice(0, at) + token.slice(at + 1),
      ]);

      const verdicts = await Promise.all(
        [...mutants, `${token}A`].map((mutant) => tokens.verify(mutant, NOW)),
      );

      expect(new Set(verdicts)).toEqual(new Set([undefined]));
    });

    test.each(['', '.', '..', 'garbage', 'a.b.c', 'e30.e30.', 'ü', '\0', 'x'.repeat(10_000)])(
      'refuses %p',
      async (garbage) => {
        expect(await create().verify(garbage, NOW)).toBeUndefined();
      },
    );
  });
}
