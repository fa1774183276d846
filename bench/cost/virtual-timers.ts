import type { Timers } from '#client/sdk/index';

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** Timers of a client whose quarter of an hour passes as fast as the stack can follow. */
export class VirtualTimers implements Timers {
  readonly #timers = new Set<Timer>();
  readonly #settled: () => Promise<void>;
  #nowMs = 0;

  /** @param settled resolves once all that a timer has set going is done. */
  constructor(settled: () => Promise<void>) {
    this.#settled = settled;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on, and runs each timer at its time. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.#settled();
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      this.#nowMs = due.atMs;
      this.#timers.delete(due);
      due.run();
      await this.#settled();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Timer | undefined {
    return [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}
