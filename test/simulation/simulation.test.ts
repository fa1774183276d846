import { simulate } from './simulation.ts';

const SEEDS = 500;

/** Everything that has to be known of the seeds that went wrong. */
async function failuresOf(seeds: number): Promise<string[]> {
  const failures: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violations } = await simulate({ seed });
    failures.push(...violations.map(({ invariant, what }) => `${seed} ${invariant}: ${what}`));
  }
  return failures;
}

describe('the simulation of delivery', () => {
  test(`finds no violation in ${SEEDS} seeds`, async () => {
    const failures = await failuresOf(SEEDS);

    expect(failures).toEqual([]);
  }, 120_000);

  test.each([1, 42, 4711])('repeats seed %i event by event', async (seed) => {
    const first = await simulate({ seed });
    const second = await simulate({ seed });

    expect(second.trace).toEqual(first.trace);
    expect(second.hash()).toBe(first.hash());
  });

  test('tells another story for another seed', async () => {
    const one = await simulate({ seed: 1 });
    const other = await simulate({ seed: 2 });

    expect(other.hash()).not.toBe(one.hash());
  });
});
