import { median, percentile, slope } from '../../bench/measure/statistics.ts';

describe('statistics', () => {
  test('percentiles are values that occurred', () => {
    const values = [5, 1, 4, 2, 3];

    expect([0, 0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([1, 3, 5, 5]);
    expect(median([1, 2, 3, 10])).toBe(2);
    expect(percentile([], 0.5)).toBeNaN();
  });

  test('the slope is that of the line through the points, noise or not', () => {
    const line = [0, 1, 2, 3].map((x) => ({ x, y: 7 + 2 * x }));
    const noisy = line.map(({ x, y }, i) => ({ x, y: y + (i % 3 === 0 ? 1 : -1) }));

    expect(slope(line)).toBeCloseTo(2);
    expect(slope(noisy)).toBeCloseTo(2);
    expect(slope([{ x: 1, y: 1 }])).toBeNaN();
  });
});
