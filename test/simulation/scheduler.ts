import { nextTick } from 'node:process';

// Jest looks globals up slowly.
const { max, round } = Math;

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** The one clock and the one queue of everything that happens. What is due at once runs in the order of asking. */
export class Scheduler {
  #nowMs: number;
  #order = 0;
  /** The next one is last. */
  readonly #queue: Due[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** @returns a function that cancels it. */
  after(delayMs: number, run: () => void): () => void {
    this.#order += 1;
    const due: Due = {
      atMs: this.#nowMs + max(0, round(delayMs)),
      order: this.#order,
      run,
    };
    this.#queue.splice(this.#placeOf(due), 0, due);
    return () => {
      const place = this.#queue.indexOf(due);
      if (place >= 0) this.#queue.splice(place, 1);
    };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Runs what is due until then, one after the other; promises settle in between. */
  async runUntil(endMs: number): Promise<void> {
    await settled();
    for (let due = this.#queue.at(-1); due && due.atMs <= endMs; due = this.#queue.at(-1)) {
      this.#queue.pop();
      this.#nowMs = due.atMs;
      due.run();
      await settled();
    }
    this.#nowMs = endMs;
  }

  #placeOf({ atMs }: Due): number {
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // A later one of the same time comes before it in the list, and so runs after it.
      if ((this.#queue[middle]?.atMs ?? 0) > atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Resolves once no promise can go on: ticks run only when the queue of microtasks is empty. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    nextTick(resolve);
  });
}
