import { Throttle, throttleLimits } from '#local/emulators/api-gateway/throttle';
import { ManualClock } from '#test/support/manual-clock';

describe('throttle', () => {
  test('admits a burst, then as many as the rate earns', async () => {
    const clock = new ManualClock();
    const throttle = new Throttle({ ratePerSecond: 2, burst: 3 }, clock);
    const burst = [1, 2, 3, 4].map(() => throttle.admits());

    await clock.advance(499);
    const tooEarly = throttle.admits();
    await clock.advance(1);

    expect(burst).toEqual([true, true, true, false]);
    expect(tooEarly).toBe(false);
    expect(throttle.admits()).toBe(true);
    expect(throttle.admits()).toBe(false);
  });

  test('never saves up more than a burst', async () => {
    const clock = new ManualClock();
    const throttle = new Throttle({ ratePerSecond: 100, burst: 2 }, clock);

    await clock.advance(60_000);

    expect([1, 2, 3].map(() => throttle.admits())).toEqual([true, true, false]);
  });

  test('falls back to the quota of the account', () => {
    expect(throttleLimits({})).toEqual({ ratePerSecond: 10_000, burst: 5_000 });
    expect(throttleLimits({ ThrottlingBurstLimit: 0 }).burst).toBe(0);
  });
});
