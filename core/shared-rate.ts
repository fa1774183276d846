import type { MinuteCounters } from './ports.ts';

/**
 * Limits how often something may happen in a minute of the clock, over all copies of a function.
 * Each question costs one conditional write, so let a `RateLimiter` refuse first what it can.
 */
export class SharedRate {
  readonly #counters: MinuteCounters;
  readonly #what: string;
  readonly #perMinute: number;

  /** @param what names what is counted, as other things are counted under the same keys. */
  constructor(counters: MinuteCounters, what: string, perMinute: number) {
    this.#counters = counters;
    this.#what = what;
    this.#perMinute = perMinute;
  }

  /**
   * @returns whether it may happen; if so it is counted.
   * @throws ChatError `UPSTREAM_UNAVAILABLE`: the count is unknown, so it must not happen.
   */
  admit(key: string, nowMs: number): Promise<boolean> {
    return this.#counters.count(`${this.#what}#${key}`, this.#perMinute, nowMs);
  }
}
