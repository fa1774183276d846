import type { ChatModel } from './chat-model.ts';
import { mergeOutboxes, type Outbox, type OutboxEntry } from './outbox.ts';

/** Messages written in a tab that follows, until they are seen in what the leader shares. */
export class Unheard {
  #entries: Outbox = [];

  get entries(): Outbox {
    return this.#entries;
  }

  add(entries: readonly OutboxEntry[]): void {
    this.#entries = mergeOutboxes(this.#entries, entries);
  }

  /** Forgets those that the leader knows. @returns the leader's model with the others added. */
  addTo(model: ChatModel): ChatModel {
    const known = new Set([...model.outbox, ...model.transcript].map(({ id }) => id));
    this.#entries = this.#entries.filter(({ id }) => !known.has(id));
    return { ...model, outbox: mergeOutboxes(model.outbox, this.#entries) };
  }

  /** This tab leads: it knows them all. */
  clear(): void {
    this.#entries = [];
  }
}
