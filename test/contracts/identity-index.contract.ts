import { sessionId } from '#core/ids';
import type { IdentityIndex } from '#core/ports';

const ADA = { issuer: 'https://login.example.com/', subject: 'ada' };
const GRACE = { ...ADA, subject: 'grace' };
const ONE = sessionId('one');
const TWO = sessionId('two');
const NOW = 1_790_000_000_000;
const EXPIRY = NOW + 60_000;

export function identityIndexContract(name: string, create: () => Promise<IdentityIndex>): void {
  describe(`${name} as IdentityIndex`, () => {
    test('finds the session of a person, and of nobody else', async () => {
      const people = await create();

      expect(await people.claim(ADA, undefined, ONE, NOW, EXPIRY)).toBe(true);

      expect(await people.find(ADA, NOW)).toBe(ONE);
      expect(await people.find(GRACE, NOW)).toBeUndefined();
      expect(await people.find({ ...ADA, issuer: 'other' }, NOW)).toBeUndefined();
    });

    test('lets one of two win who saw no session', async () => {
      const people = await create();

      const won = await Promise.all([
        people.claim(ADA, undefined, ONE, NOW, EXPIRY),
        people.claim(ADA, undefined, TWO, NOW, EXPIRY),
      ]);

      expect(won.filter(Boolean)).toHaveLength(1);
    });

    test('replaces only the session that was seen', async () => {
      const people = await create();
      await people.claim(ADA, undefined, ONE, NOW, EXPIRY);

      expect(await people.claim(ADA, TWO, TWO, NOW, EXPIRY)).toBe(false);
      expect(await people.find(ADA, NOW)).toBe(ONE);
      expect(await people.claim(ADA, ONE, TWO, NOW, EXPIRY)).toBe(true);
      expect(await people.find(ADA, NOW)).toBe(TWO);
    });

    test('forgets a session from its expiry on', async () => {
      const people = await create();
      await people.claim(ADA, undefined, ONE, NOW, EXPIRY);

      expect(await people.find(ADA, EXPIRY)).toBeUndefined();
      expect(await people.claim(ADA, undefined, TWO, EXPIRY, EXPIRY + 60_000)).toBe(true);
    });
  });
}
