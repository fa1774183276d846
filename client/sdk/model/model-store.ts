import { type ChatModel, EMPTY_MODEL } from './chat-model.ts';
import { type Message, newMessages } from './transcript.ts';

export interface ModelListeners {
  readonly onChange: (model: ChatModel, before: ChatModel) => void;
  /** Messages that have just been said, as far as can be told. */
  readonly onSaid: (messages: readonly Message[]) => void;
}

/** Holds the one model; whoever changes it, the client hears of it. */
export class ModelStore {
  #model: ChatModel = EMPTY_MODEL;
  readonly #listeners: ModelListeners;

  constructor(listeners: ModelListeners) {
    this.#listeners = listeners;
  }

  get model(): ChatModel {
    return this.#model;
  }

  /** @param isLive the change comes from an event, not from reading back. */
  update(change: (model: ChatModel) => ChatModel, isLive = false): void {
    const before = this.#model;
    this.#model = change(before);
    if (this.#model === before) return;
    this.#listeners.onChange(this.#model, before);
    const said = saidBetween(before, this.#model, isLive);
    if (said.length > 0) this.#listeners.onSaid(said);
  }
}

/** What was pushed is news even if it had to wait for a listing; what a listing adds is news once all was known. */
function saidBetween(before: ChatModel, after: ChatModel, isLive: boolean): Message[] {
  if (before.transcript === after.transcript) return [];
  const shown = newMessages(before.transcript, after.transcript);
  if (isLive || before.catchUp?.complete) return shown;
  const notPushed = new Set(newMessages(before.held, shown));
  return shown.filter((message) => !notPushed.has(message));
}
