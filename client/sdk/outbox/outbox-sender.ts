import { codeOf, isRetryable } from '../basics/errors.ts';
import { backoffMs } from '../connection/connection-state.ts';
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import { withOutbox } from '../model/apply-event.ts';
import type { ChatModel } from '../model/chat-model.ts';
import type { ModelStore } from '../model/model-store.ts';
import {
  isUnconfirmed,
  markFailed,
  markSending,
  nextToSend,
  type OutboxEntry,
  putBack,
  resendUnconfirmed,
} from '../model/outbox.ts';

/** In so much time a tab that has a file says so, and then how much of it is uploaded. */
const FILE_CLAIM_MS = 10_000;
const FILE_SILENCE_MS = 120_000;

interface OutboxSenderOptions {
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

  /**
   * Changes the outbox, and sends the message whose turn it is then, if there is one. The store
   * hears of both at once, and keeps that the message is on its way before it is.
   */
  sendNext(change = (model: ChatModel): ChatModel => model): void {
    const changed = this.#prepareResend(change(this.#store.model));
    const next = this.#nextIn(changed);
    this.#store.update(() =>
      next ? withOutbox(changed, markSending(changed.outbox, next.id)) : changed,
    );
    if (next?.file) this.#watchFile(next.id);
    else if (next) this.#request(next);
  }

  get #maySend(): boolean {
    return !this.#isHeld && this.#connection.isOnline && this.#options.mayOpenChat();
  }

  #prepareResend(model: ChatModel): ChatModel {
    if (!this.#resends || !this.#maySend || this.#waitsForListing(model)) return model;
    this.#resends = false;
    return withOutbox(model, resendUnconfirmed(model.outbox));
  }

  #waitsForListing(model: ChatModel): boolean {
    return this.#resends && !model.catchUp?.complete && model.outbox.some(isUnconfirmed);
  }

  #nextIn(model: ChatModel): OutboxEntry | undefined {
    if (!this.#maySend || this.#waitsForListing(model)) return undefined;
    const entry = nextToSend(model.outbox, this.#options.window);
    return entry?.isDoubtful && !model.catchUp?.complete ? undefined : entry;
  }

  #request(entry: OutboxEntry): void {
    this.#connection.request(sendMessageFrame(entry)).then(
      () => {
        this.#failures = 0;
        this.sendNext();
      },
      (error: unknown) => this.#refused(entry, error),
    );
  }

  /** The tab that has the file uploads it. One that says nothing is gone, and the bytes with it. */
  #watchFile(id: string): void {
    const find = () =>
      this.#store.model.outbox.find((entry) => entry.id === id && entry.state === 'sending');
    const watched = find();
    if (!watched) return;
    const { progress } = watched;
    this.#connection.after(progress === undefined ? FILE_CLAIM_MS : FILE_SILENCE_MS, () => {
      if (find() !== watched) {
        this.#watchFile(id);
        return;
      }
      const code = progress === 1 ? 'undeliverable' : 'file_expired';
      this.sendNext((model) => withOutbox(model, markFailed(model.outbox, id, code)));
    });
  }

  #refused({ id }: OutboxEntry, error: unknown): void {
    const code = codeOf(error);
    if (!isRetryable(error)) {
      this.sendNext((model) => withOutbox(model, markFailed(model.outbox, id, code)));
    } else if (this.#connection.isOnline) {
      this.#pause();
      this.#store.update((model) => withOutbox(model, putBack(model.outbox, id)));
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
}

function sendMessageFrame({ id, body, chat, attributes, choice }: OutboxEntry) {
  return {
    action: 'sendMessage' as const,
    id,
    body,
    ...(chat !== undefined && { chat }),
    ...(attributes !== undefined && { attributes }),
    ...(choice && { choice }),
  };
}
