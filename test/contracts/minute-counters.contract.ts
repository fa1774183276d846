import type { MinuteCounters } from '#core/ports';

/** The first moment of a minute of the clock. */
const NOW = 1_790_000_040_000;

/** @param create counters that have counted nothing. */
export function minuteCountersContract(name: string, create: () => Promise<MinuteCounters>): void {
  describe(`${name} as MinuteCounters`, () => {
    let counters: MinuteCounters;

    beforeEach(async () => {
      counters = await create();
    });

    test('count up to the limit, and no further in the same minute', async () => {
      const counted = [];
      for (let n = 0; n < 4; n += 1) counted.push(await counters.count('key', 2, NOW + n * 19_000));

      expect(counted).toEqual([true, true, false, false]);
    });

    test('begin anew with the next minute', async () => {
      await counters.count('key', 1, NOW + 59_999);

      expect(await counters.count('key', 1, NOW + 59_999)).toBe(false);
      expect(await counters.count('key', 1, NOW + 60_000)).toBe(true);
    });

    test('count each key for itself', async () => {
      await counters.count('one', 1, NOW);

      expect(await counters.count('other', 1, NOW)).toBe(true);
    });

    test('let exactly as many through when they come at the same time', async () => {
      const counted = await Promise.all(
        Array.from({ length: 20 }, () => counters.count('key', 7, NOW)),
      );

      expect(counted.filter((each) => each)).toHaveLength(7);
    });
  });
}
