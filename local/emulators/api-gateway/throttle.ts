import type { Clock } from '#local/clock';

export interface ThrottleLimits {
  /** Requests per second in the long run. */
  readonly ratePerSecond: number;
  /** Requests at once. */
  readonly burst: number;
}

/** The quota of an account, which a stage without settings falls back to. */
const ACCOUNT_LIMITS: ThrottleLimits = { ratePerSecond: 10_000, burst: 5_000 };

/** Reads the settings of a stage, a route or a method; all of them name the two limits alike. */
export function throttleLimits(settings: Readonly<Record<string, unknown>>): ThrottleLimits {
  return {
    ratePerSecond: Number(settings['ThrottlingRateLimit'] ?? ACCOUNT_LIMITS.ratePerSecond),
    burst: Number(settings['ThrottlingBurstLimit'] ?? ACCOUNT_LIMITS.burst),
  };
}

/** A token bucket that all callers share, as API Gateway throttles: per route or method, never per client. */
export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #clock: Clock;
  #tokens: number;
  #filledAtMs: number;

  constructor(limits: ThrottleLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    this.#tokens = limits.burst;
    this.#filledAtMs = clock.now();
  }

  /** @returns false when the request is one too many. */
  admits(): boolean {
    const now = this.#clock.now();
    const earned = ((now - this.#filledAtMs) / 1000) * this.#limits.ratePerSecond;
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + earned);
    this.#filledAtMs = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
