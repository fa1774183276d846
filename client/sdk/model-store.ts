import { type ChatModel, EMPTY_MODEL } from './chat-model.ts';

/** Holds the one model; whoever changes it, the client's listeners hear of it. */
export class ModelStore {
  #model: ChatModel = EMPTY_MODEL;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get model(): ChatModel {
    return this.#model;
  }

  update(change: (model: ChatModel) => ChatModel): void {
    const model = change(this.#model);
    if (model === this.#model) return;
    this.#model = model;
    this.#onChange();
  }
}
