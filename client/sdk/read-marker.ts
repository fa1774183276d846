import type { Cursor } from '#protocol/frames';
import type { Line } from './line.ts';
import type { ModelStore } from './model-store.ts';

/** Tells each read horizon once, and again when the telling was lost. */
export class ReadMarker {
  readonly #line: Line;
  readonly #store: ModelStore;
  #marked: (Cursor & { readonly sessionId: string | undefined }) | undefined;

  constructor(line: Line, store: ModelStore) {
    this.#line = line;
    this.#store = store;
  }

  /** @param index of the current chat. */
  mark(index: number): void {
    const { chat: current, sessionId } = this.#store.model;
    const chat = current?.number;
    const marked = this.#marked;
    if (chat === undefined || !this.#line.isOnline) return;
    const isSameChat = marked?.sessionId === sessionId && marked?.chat === chat;
    if (isSameChat && marked.index >= index) return;
    this.#marked = { sessionId, chat, index };
    this.#line.request({ action: 'markRead', chat, index }).catch(() => {
      this.#marked = marked;
    });
  }
}
