import type { Timers } from './environment.ts';

/** What is to be done later, unless all of it is called off before. */
export class Delays {
  readonly #timers: Timers;
  readonly #cancels = new Set<() => void>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  after(delayMs: number, callback: () => void): void {
    const cancel = this.#timers.after(delayMs, () => {
      this.#cancels.delete(cancel);
      callback();
    });
    this.#cancels.add(cancel);
  }

  cancel(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
