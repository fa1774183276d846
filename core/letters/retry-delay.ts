/** The first retry comes within this time; each further one doubles it. */
const FIRST_MS = 1_000;

/**
 * No retry waits longer, unless the upstream asked for more. The letters behind one that fails are
 * delivered as often as it, but not tried, so that even their first failure may wait this long.
 */
const LONGEST_MS = 30_000;

/**
 * How long a letter that failed is kept back: growing, with jitter over the upper half, and
 * never less than the upstream asked for.
 *
 * @param deliveries how often it was delivered, this time included; from 1.
 * @param random from 0 to 1.
 */
export function retryDelayMs(deliveries: number, random: number, retryAfterMs = 0): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (deliveries - 1));
  return Math.max(retryAfterMs, Math.round(longest * (0.5 + random / 2)));
}
