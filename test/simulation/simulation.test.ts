import { simulate } from './simulation.ts';

describe('the simulation of delivery', () => {
  test.each([1, 42, 4711])('repeats seed %i event by event', async (seed) => {
    const first = await simulate({ seed });
    const second = await simulate({ seed });

    expect(second.trace).toEqual(first.trace);
    expect(second.hash).toBe(first.hash);
  });

  test('tells another story for another seed', async () => {
    const one = await simulate({ seed: 1 });
    const other = await simulate({ seed: 2 });

    expect(other.hash).not.toBe(one.hash);
  });
});
