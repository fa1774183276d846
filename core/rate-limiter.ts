/** How often something may happen: `burst` at once, then `perMinute`. */
export interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

/** `abuse`: refused more often than a burst has tokens, which no client does by accident. */
export type Admission = 'admitted' | 'refused' | 'abuse';

interface Bucket {
  /** May fall below 0: refused attempts count, so that a client gains nothing by trying on. */
  readonly tokens: number;
  readonly atMs: number;
}

/**
 * So many keys are remembered. The one that was not used for longest is forgotten, and its count
 * begins anew.
 */
const MAX_KEYS = 10_000;

/**
 * Token buckets by key, in memory. Each copy of a function counts for itself, so the limit holds per
 * copy. A count in the table would cost a call.
 */
export class RateLimiter {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  admit(key: string, nowMs: number): Admission {
    const { burst, perMinute } = this.#rate;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const earned = ((nowMs - bucket.atMs) / 60_000) * perMinute;
    const abuse = -burst - 1;
    const tokens = Math.max(Math.min(burst, bucket.tokens + earned) - 1, abuse);
    this.#remember(key, { tokens, atMs: nowMs });
    if (tokens >= 0) return 'admitted';
    return tokens <= abuse ? 'abuse' : 'refused';
  }

  #remember(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_KEYS && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
