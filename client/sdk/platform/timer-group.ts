import type { Timers } from './environment.ts';

/** What is to be done later, unless all of it is called off before. */
export class TimerGroup {
  readonly #timers: Timers;
  readonly #cancels = new Set<() => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** Whether there is nothing to be done later. */
  get isEmpty(): boolean {
    return this.#cancels.size === 0;
  }

  after(delayMs: number, callback: () => void): void {
    const cancel = this.#timers.after(delayMs, () => {
      this.#cancels.delete(cancel);
      callback();
    });
    this.#cancels.add(cancel);
  }

  /** Instead of all that was to be done later. */
  restart(delayMs: number, callback: () => void): void {
    this.cancel();
    this.after(delayMs, callback);
  }

  cancel(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
