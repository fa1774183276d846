import { release } from '../model/arrivals.ts';
import type { ChatModel } from '../model/chat-model.ts';
import type { ModelStore } from '../model/model-store.ts';
import { type Message, newMessages } from '../model/transcript.ts';
import type { Timers } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import type { HistoryReader } from './history-reader.ts';

/** Events that only overtook each other are in order again by then. */
const ASK_AFTER_MS = 250;

/** The longest that a message is held back. */
const HOLD_MS = 2_000;

/** Asks for what comes before a message that is held back, and shows it in the end either way. */
export class HoldWatch {
  readonly #timers: TimerGroup;
  readonly #store: ModelStore;
  readonly #reader: HistoryReader;
  readonly #onRelease: () => void;

  /** @param onRelease called when a message has been held back for long enough, and is shown. */
  constructor(timers: Timers, store: ModelStore, reader: HistoryReader, onRelease: () => void) {
    this.#timers = new TimerGroup(timers);
    this.#store = store;
    this.#reader = reader;
    this.#onRelease = onRelease;
  }

  changed(model: ChatModel, before: ChatModel): void {
    if (model.held !== before.held) this.watch(newMessages(before.held, model.held));
  }

  watch(held: readonly Message[]): void {
    for (const message of held) {
      this.#timers.after(ASK_AFTER_MS, () => {
        if (this.#store.model.held.includes(message)) this.#reader.read();
      });
      this.#timers.after(HOLD_MS, () => {
        this.#store.update((model) => release(model, message));
        this.#onRelease();
      });
    }
  }

  stop(): void {
    this.#timers.cancel();
  }
}
