import { FLAWLESS, judge, sum } from '../../bench/load/verdict.ts';

describe('judge', () => {
  test.each<[shown: string[], verdict: object]>([
    [['a', 'b', 'c'], FLAWLESS],
    [['a', 'c'], { ...FLAWLESS, lost: 1 }],
    [[], { ...FLAWLESS, lost: 3 }],
    [['a', 'b', 'b', 'c'], { ...FLAWLESS, doubled: 1 }],
    [['a', 'b', 'c', 'a'], { ...FLAWLESS, doubled: 1 }],
    [['a', 'c', 'b'], { ...FLAWLESS, misordered: 1 }],
    [['c', 'b', 'a'], { ...FLAWLESS, misordered: 2 }],
    [['a', 'b', 'c', 'never sent'], { ...FLAWLESS, doubled: 1 }],
  ])('of a, b, c shown as %j is %j', (shown, verdict) => {
    expect(judge(['a', 'b', 'c'], shown)).toEqual(verdict);
  });

  test('adds up', () => {
    const flaws = { lost: 1, doubled: 2, misordered: 3 };

    expect(sum([flaws, FLAWLESS, flaws])).toEqual({ lost: 2, doubled: 4, misordered: 6 });
  });
});
