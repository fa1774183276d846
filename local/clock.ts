/** Time as the emulators see it: tests pass one that stands still until it is moved. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Runs something once, later.
   * @returns cancels it; harmless once it ran.
   */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
