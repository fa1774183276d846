import type { Timers } from './environment.ts';

/** One timer that is set again before it rings, or put off. */
export class Alarm {
  readonly #timers: Timers;
  #cancel: (() => void) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get isSet(): boolean {
    return this.#cancel !== undefined;
  }

  set(delayMs: number, ring: () => void): void {
    this.off();
    this.#cancel = this.#timers.after(delayMs, () => {
      this.#cancel = undefined;
      ring();
    });
  }

  off(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
