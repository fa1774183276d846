import { type ChatModel, EMPTY_MODEL } from './chat-model.ts';
import { type Message, messageAt, newMessages } from './transcript.ts';
import { isBeforeWindow } from './window.ts';

interface ModelListeners {
  readonly onChange: (model: ChatModel, before: ChatModel) => void;
  /** Somebody has just said these, and the client does not merely read them back. */
  readonly onSaid: (messages: readonly Message[]) => void;
}

/** Holds the one model, and tells the client of each change. */
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

/** A pushed message is news even if it waited for a listing. A listed one is news if everything before it was known. */
function saidBetween(before: ChatModel, after: ChatModel, isLive: boolean): Message[] {
  if (before.transcript === after.transcript) return [];
  const known = new Set(before.transcript);
  const shown = after.transcript.filter(
    (message) =>
      !known.has(message) &&
      !isBeforeWindow(before, message) &&
      !messageAt(before.transcript, message),
  );
  if (isLive || before.catchUp?.complete) return shown;
  const notPushed = new Set(newMessages(before.held, shown));
  return shown.filter((message) => !notPushed.has(message));
}
