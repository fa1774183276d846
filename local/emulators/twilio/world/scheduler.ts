/** Work that is under way behind the scenes: late tasks, webhooks on their way. */
export class Scheduler {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  /** Aborted once the simulator closes. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** Does the work later, unless the simulator is closed before, or was already. */
  after(delayMs: number, work: () => void | Promise<void>): void {
    if (this.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const run = Promise.resolve()
        .then(work)
        .finally(() => this.#running.delete(run));
      this.#running.add(run);
    }, delayMs);
    this.#timers.add(timer);
  }

  /** Resolves once nothing is waiting or running, also nothing that the work itself caused. */
  async settled(): Promise<void> {
    while (this.#timers.size + this.#running.size > 0) {
      await Promise.all(this.#running);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Forgets what waits, aborts what runs. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#closing.abort();
    await Promise.all(this.#running);
  }
}
