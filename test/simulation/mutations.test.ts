import { MUTATIONS, type Mutation } from './mutations.ts';
import { simulate } from './simulate.ts';

const SEEDS = 100;

/** @returns the first seed that notices; undefined when none does. */
async function seedThatNotices(mutation: Mutation): Promise<number | undefined> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { violations } = await simulate({ seed, variant: mutation });
    if (violations.some(({ invariant }) => invariant === mutation.breaks)) return seed;
  }
  return undefined;
}

describe('the simulation of delivery notices code that', () => {
  test.each(Object.entries(MUTATIONS))(
    '%s',
    async (_, mutation) => {
      const seed = await seedThatNotices(mutation);

      expect(seed).toBeDefined();
    },
    120_000,
  );
});
