import { codeOf, isRetryable } from '../basics/errors.ts';
import { backoffMs } from '../connection/connection-state.ts';
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import { withOutbox } from '../model/apply-event.ts';
import type { ModelStore } from '../model/model-store.ts';
import {
  isUnconfirmed,
  markFailed,
  markSending,
  nextToSend,
  type Outbox,
  type OutboxEntry,
  putBack,
  resendUnconfirmed,
} from '../model/outbox.ts';

export interface OutboxSenderOptions {
  readonly random: () => number;
  /** How many messages may be unconfirmed at a time. */
  readonly window: number;
  /** False while the server does not know yet who the customer is. */
  readonly mayOpenChat: () => boolean;
}

/** Sends what is in the outbox, one message after the other. */
export class OutboxSender {
  readonly #connection: ReconnectingConnection;
  readonly #store: ModelStore;
  readonly #options: OutboxSenderOptions;
  /** The session is being renewed, or the server wants a pause. */
  #isHeld = true;
  #resends = false;
  #failures = 0;

  constructor(connection: ReconnectingConnection, store: ModelStore, options: OutboxSenderOptions) {
    this.#connection = connection;
    this.#store = store;
    this.#options = options;
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.sendNext();
  }

  /**
   * What may have been lost is sent again before anything else, once all that is in Flex is
   * known: the server recognises only so many of the last messages.
   */
  resend(): void {
    this.#resends = true;
  }

  /** Does nothing while there is nothing to send, or now is not the time. */
  sendNext(): void {
    const { mayOpenChat, window } = this.#options;
    if (this.#isHeld || !this.#connection.isOnline || !mayOpenChat() || this.#waitsForListing())
      return;
    const entry = nextToSend(this.#store.model.outbox, window);
    if (entry === undefined || (entry.isDoubtful && !this.#isListed)) return;
    this.#update((outbox) => markSending(outbox, entry.id));
    this.#connection.request(sendMessageFrame(entry)).then(
      () => {
        this.#failures = 0;
        this.sendNext();
      },
      (error: unknown) => this.#refused(entry, error),
    );
  }

  get #isListed(): boolean {
    return this.#store.model.catchUp?.complete === true;
  }

  #waitsForListing(): boolean {
    if (!this.#resends) return false;
    if (!this.#isListed && this.#store.model.outbox.some(isUnconfirmed)) return true;
    this.#resends = false;
    this.#update(resendUnconfirmed);
    return false;
  }

  #refused({ id }: OutboxEntry, error: unknown): void {
    const code = codeOf(error);
    if (!isRetryable(error)) {
      this.#update((outbox) => markFailed(outbox, id, code));
      this.sendNext();
    } else if (this.#connection.isOnline) {
      this.#pause();
      this.#update((outbox) => putBack(outbox, id));
    }
    // After a lost connection the entry stays `sending`: the next `hello` decides about it.
  }

  #pause(): void {
    this.hold();
    // A tab that was frozen meanwhile is to hear first what has come in: perhaps the echo.
    const release = () => this.#connection.after(0, () => this.release());
    this.#connection.after(backoffMs(this.#failures, this.#options.random()), release);
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
