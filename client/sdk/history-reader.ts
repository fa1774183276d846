import type { Cursor } from '#protocol/frames';
import { MAX_HISTORY_LIMIT } from '#protocol/limits';
import { applyPage } from './chat-model.ts';
import { backoffMs } from './connection-state.ts';
import { codeOf, isRetryable } from './errors.ts';
import type { Line } from './line.ts';
import type { ModelStore } from './model-store.ts';

/** Reads on from the model's cursor until nothing is missing. */
export class HistoryReader {
  readonly #line: Line;
  readonly #store: ModelStore;
  readonly #random: () => number;
  #isReading = false;

  constructor(line: Line, store: ModelStore, random: () => number) {
    this.#line = line;
    this.#store = store;
    this.#random = random;
  }

  /** Does nothing while a reading is under way or when nothing is missing. */
  read(): void {
    const { catchUp } = this.#store.model;
    if (this.#isReading || catchUp === undefined || catchUp.complete) return;
    this.#isReading = true;
    this.#readPage(catchUp.cursor, 0);
  }

  /** The connection is gone, and what was asked on it. */
  stop(): void {
    this.#isReading = false;
  }

  #readPage(after: Cursor, failures: number): void {
    this.#line.request({ action: 'history', after, limit: MAX_HISTORY_LIMIT }).then(
      (page) => {
        this.#store.update((model) => applyPage(model, page));
        // An empty page that is not the last one: Flex has no more to say just now.
        if (page.messages.length === 0 && !page.complete) {
          this.#pause(failures);
        } else {
          this.#isReading = false;
          this.read();
        }
      },
      (error: unknown) => {
        if (isRetryable(codeOf(error))) this.#pause(failures);
        else this.stop();
      },
    );
  }

  #pause(failures: number): void {
    // Without a connection `stop` has been called, and a reading on the next one may be under way.
    if (!this.#line.isOnline) return;
    this.#line.after(backoffMs(failures, this.#random()), () => {
      const { catchUp } = this.#store.model;
      if (catchUp) this.#readPage(catchUp.cursor, failures + 1);
    });
  }
}
