import { MemoryWatch } from '../../bench/measure/memory.ts';

const MINUTE_MS = 60_000;
const WARM_UP_MS = 5 * MINUTE_MS;

/** Ten minutes, a sample every five seconds. */
const watched = (
  rssMb: (minute: number) => number,
  heapMb: (minute: number) => number = () => 60,
) =>
  new MemoryWatch(
    Array.from({ length: 120 }, (_, n) => {
      const minute = n / 12;
      return { atMs: minute * MINUTE_MS, rssMb: rssMb(minute), heapMb: heapMb(minute) };
    }),
  );

describe('MemoryWatch', () => {
  test('takes what falls for minutes and then rises again for flat', () => {
    const memory = watched((minute) => 1_400 + 70 * Math.abs(minute - 5));

    expect(memory.peakRise(WARM_UP_MS)).toBeLessThanOrEqual(0);
  });

  test('tells the rise of what leaks outside of the heap', () => {
    const memory = watched((minute) => 1_700 + 50 * minute);

    expect(memory.peakRise(WARM_UP_MS)).toBeGreaterThan(0.1);
  });

  test('tells the growth of the heap after the warm-up, a minute', () => {
    const memory = watched(
      () => 1_700,
      (minute) => 60 + (minute < 5 ? 10 * minute : 50 + 3 * (minute - 5)),
    );

    expect(memory.heapGrowth(WARM_UP_MS)).toBeCloseTo(3);
  });

  test('says nothing of a run that ends with its warm-up', () => {
    const memory = watched(() => 1_700);

    expect([memory.peakRise(10 * MINUTE_MS), memory.heapGrowth(10 * MINUTE_MS)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
