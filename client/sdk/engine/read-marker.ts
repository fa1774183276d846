import type { Cursor } from '#protocol/frames';
import { isRetryable } from '../basics/errors.ts';
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import { applySeen } from '../model/chat-life.ts';
import type { ModelStore } from '../model/model-store.ts';
import type { Timers } from '../platform/environment.ts';

/** So long after one mark the next ones are gathered: the last of them counts. */
const GATHER_MS = 3_000;

/** What the server could not take at that moment is told again after this time. */
const AGAIN_AFTER_MS = 30_000;

/** Tells the server how far the customer has read; again if that was lost. */
export class ReadMarker {
  readonly #connection: ReconnectingConnection;
  readonly #store: ModelStore;
  readonly #timers: Timers;
  #told: Cursor | undefined;
  #isGathering = false;

  constructor(connection: ReconnectingConnection, store: ModelStore, timers: Timers) {
    this.#connection = connection;
    this.#store = store;
    this.#timers = timers;
  }

  /** @param index of the current chat. */
  mark(index: number): void {
    const chat = this.#store.model.chat?.number;
    if (chat === undefined) return;
    this.#store.update((model) => applySeen(model, { chat, index }));
    this.tell();
  }

  /** What could not be told so far. */
  tell(): void {
    const { chat, seenUpTo } = this.#store.model;
    if (!seenUpTo || seenUpTo === this.#told || this.#isGathering || !this.#connection.isOnline)
      return;
    // No agent looks for it in a chat that is over.
    if (chat?.number !== seenUpTo.chat || chat.state === 'ended') return;
    this.#told = seenUpTo;
    this.#isGathering = true;
    this.#timers.after(GATHER_MS, () => {
      this.#isGathering = false;
      if (this.#store.model.seenUpTo !== seenUpTo) this.tell();
    });
    this.#connection.request({ action: 'markRead', ...seenUpTo }).catch((error: unknown) => {
      if (seenUpTo !== this.#told) return;
      this.#told = undefined;
      this.#isGathering = false;
      if (isRetryable(error)) this.#connection.after(AGAIN_AFTER_MS, () => this.tell());
    });
  }
}
