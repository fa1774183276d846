import { withOutbox } from './chat-model.ts';
import { backoffMs } from './connection-state.ts';
import { codeOf, isRetryable } from './errors.ts';
import type { Line } from './line.ts';
import type { ModelStore } from './model-store.ts';
import {
  markFailed,
  markSending,
  nextToSend,
  type Outbox,
  type OutboxEntry,
  putBack,
} from './outbox.ts';

/** Sends what is in the outbox, one message after the other. */
export class OutboxSender {
  readonly #line: Line;
  readonly #store: ModelStore;
  readonly #random: () => number;
  /** The session is being renewed, or the server wants a pause. */
  #isHeld = true;
  #failures = 0;

  constructor(line: Line, store: ModelStore, random: () => number) {
    this.#line = line;
    this.#store = store;
    this.#random = random;
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.sendNext();
  }

  /** Does nothing while there is nothing to send, or now is not the time. */
  sendNext(): void {
    const entry = nextToSend(this.#store.model.outbox);
    if (entry === undefined || this.#isHeld || !this.#line.isOnline) return;
    this.#update((outbox) => markSending(outbox, entry.id));
    this.#line.request(sendMessageFrame(entry)).then(
      () => {
        this.#failures = 0;
        this.sendNext();
      },
      (error: unknown) => this.#refused(entry, error),
    );
  }

  #refused({ id }: OutboxEntry, error: unknown): void {
    const code = codeOf(error);
    if (!isRetryable(code)) {
      this.#update((outbox) => markFailed(outbox, id, code));
      this.sendNext();
    } else if (this.#line.isOnline) {
      this.#update((outbox) => putBack(outbox, id));
      this.#pause();
    }
    // After a lost connection the entry stays `sending`: the next `hello` decides about it.
  }

  #pause(): void {
    this.hold();
    this.#line.after(backoffMs(this.#failures, this.#random()), () => this.release());
    this.#failures += 1;
  }

  #update(change: (outbox: Outbox) => Outbox): void {
    this.#store.update((model) => withOutbox(model, change(model.outbox)));
  }
}

function sendMessageFrame({ id, body, chat, attributes }: OutboxEntry) {
  return {
    action: 'sendMessage' as const,
    id,
    body,
    ...(chat !== undefined && { chat }),
    ...(attributes !== undefined && { attributes }),
  };
}
