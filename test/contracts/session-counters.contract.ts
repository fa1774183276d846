import type { SessionCounters } from '#core/files/file-ports';
import { sessionId } from '#core/ids';

const NOW = 1_790_000_040_000;
const DAY_MS = 86_400_000;
const ADA = sessionId('ada');

/** @param create counters that have counted nothing. */
export function sessionCountersContract(
  name: string,
  create: () => Promise<SessionCounters>,
): void {
  describe(`${name} as SessionCounters`, () => {
    let counters: SessionCounters;

    beforeEach(async () => {
      counters = await create();
    });

    test('count up to the limit, and no further, however much later', async () => {
      const counted = [];
      for (let n = 0; n < 4; n += 1) {
        counted.push(await counters.count(ADA, 'files', 2, NOW + n * DAY_MS));
      }

      expect(counted).toEqual([true, true, false, false]);
    });

    test('count each session, and each thing, for itself', async () => {
      await counters.count(ADA, 'files', 1, NOW);

      expect(await counters.count(sessionId('grace'), 'files', 1, NOW)).toBe(true);
      expect(await counters.count(ADA, 'ratings', 1, NOW)).toBe(true);
    });

    test('let exactly as many through when they come at the same time', async () => {
      const counted = await Promise.all(
        Array.from({ length: 20 }, () => counters.count(ADA, 'files', 7, NOW)),
      );

      expect(counted.filter((each) => each)).toHaveLength(7);
    });
  });
}
