import type { Cursor } from '#protocol/frames';
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import { applySeen } from '../model/chat-life.ts';
import type { ModelStore } from '../model/model-store.ts';

/** Tells the server how far the customer has read; again if that was lost. */
export class ReadMarker {
  readonly #connection: ReconnectingConnection;
  readonly #store: ModelStore;
  #told: Cursor | undefined;

  constructor(connection: ReconnectingConnection, store: ModelStore) {
    this.#connection = connection;
    this.#store = store;
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
    const { seenUpTo } = this.#store.model;
    if (!seenUpTo || seenUpTo === this.#told || !this.#connection.isOnline) return;
    this.#told = seenUpTo;
    this.#connection.request({ action: 'markRead', ...seenUpTo }).catch(() => {
      if (seenUpTo === this.#told) this.#told = undefined;
    });
  }
}
