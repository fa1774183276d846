import type { Cursor } from '#protocol/frames';
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import type { ModelStore } from '../model/model-store.ts';

/** Tells the server how far the customer has read, once; again if that was lost. */
export class ReadMarker {
  readonly #connection: ReconnectingConnection;
  readonly #store: ModelStore;
  #marked: (Cursor & { readonly sessionId: string | undefined }) | undefined;
  #isTold = false;

  constructor(connection: ReconnectingConnection, store: ModelStore) {
    this.#connection = connection;
    this.#store = store;
  }

  /** @param index of the current chat. */
  mark(index: number): void {
    const { chat: current, sessionId } = this.#store.model;
    const chat = current?.number;
    if (chat === undefined) return;
    const marked = this.#marked;
    const isSameChat = marked?.sessionId === sessionId && marked?.chat === chat;
    if (!isSameChat || marked.index < index) {
      this.#marked = { sessionId, chat, index };
      this.#isTold = false;
    }
    this.tell();
  }

  /** What could not be told so far. */
  tell(): void {
    const marked = this.#marked;
    if (!marked || this.#isTold || !this.#connection.isOnline) return;
    const { sessionId, chat, index } = marked;
    if (sessionId !== this.#store.model.sessionId) return;
    this.#isTold = true;
    this.#connection.request({ action: 'markRead', chat, index }).catch(() => {
      if (marked === this.#marked) this.#isTold = false;
    });
  }
}
