import type { MinuteCounters } from './ports.ts';

/**
 * How often something may happen in a minute of the clock, over all copies of a function. Each
 * time costs one conditional write, a refusal too: what a copy's own `RateLimiter` can stop need
 * not come here.
 */
export class SharedRate {
  readonly #counters: MinuteCounters;
  readonly #what: string;
  readonly #perMinute: number;

  /** @param what tells apart what is counted under the same keys. */
  constructor(counters: MinuteCounters, what: string, perMinute: number) {
    this.#counters = counters;
    this.#what = what;
    this.#perMinute = perMinute;
  }

  /**
   * @returns whether it may happen; if so it is counted.
   * @throws ChatError `UPSTREAM_UNAVAILABLE`: nobody knows, so it must not happen.
   */
  admit(key: string, nowMs: number): Promise<boolean> {
    return this.#counters.count(`${this.#what}#${key}`, this.#perMinute, nowMs);
  }
}
