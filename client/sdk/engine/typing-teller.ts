import { codeOf } from '../basics/errors.ts';
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import type { ModelStore } from '../model/model-store.ts';

/** Tells agents that the customer is writing. What is lost on the way is not told again. */
export class TypingTeller {
  readonly #connection: ReconnectingConnection;
  readonly #store: ModelStore;
  #isSupported = true;

  constructor(connection: ReconnectingConnection, store: ModelStore) {
    this.#connection = connection;
    this.#store = store;
  }

  /** The server may be another one by now. */
  online(): void {
    this.#isSupported = true;
  }

  tell(): void {
    const { chat, transcript } = this.#store.model;
    if (chat?.state !== 'open' || !this.#isSupported || !this.#connection.isOnline) return;
    const last = transcript[transcript.length - 1];
    const seen = last?.chat === chat.number && { index: last.index };
    this.#connection.request({ action: 'typing', chat: chat.number, ...seen }).catch((error) => {
      if (codeOf(error) === 'not_supported') this.#isSupported = false;
    });
  }
}
