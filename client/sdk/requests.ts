import type { EventOf, EventType, ServerEvent } from '#protocol/events';
import type { Action, Frame } from '#protocol/frames';
import type { Timers } from './environment.ts';
import { ChatClientError } from './errors.ts';

/** API Gateway gives up on a handler after 29 s; a reply this late is not worth waiting for. */
export const REQUEST_TIMEOUT_MS = 15_000;

const REPLIES = {
  hello: 'session',
  startChat: 'session',
  sendMessage: 'accepted',
  history: 'history',
  markRead: 'ok',
  typing: 'ok',
  endChat: 'ok',
  checkToken: 'token',
  ping: 'pong',
} as const satisfies Record<Action, EventType>;

export type ReplyTo<A extends Action> = EventOf<(typeof REPLIES)[A]>;

interface Pending {
  readonly action: Action;
  readonly resolve: (reply: ServerEvent) => void;
  readonly reject: (error: ChatClientError) => void;
  readonly cancelTimeout: () => void;
}

/** Frames that wait for their reply; matched by `ref`. */
export class Requests {
  readonly #timers: Timers;
  readonly #onTimeout: () => void;
  readonly #pending = new Map<string, Pending>();
  #lastRef = 0;

  /** @param onTimeout called when a reply stays away: the connection is dead. */
  constructor(timers: Timers, onTimeout: () => void) {
    this.#timers = timers;
    this.#onTimeout = onTimeout;
  }

  get isIdle(): boolean {
    return this.#pending.size === 0;
  }

  /** @throws ChatClientError the server's refusal; `unavailable` when the reply did not come. */
  send<F extends Frame>(
    frame: F,
    timeoutMs: number,
    write: (text: string) => void,
  ): Promise<ReplyTo<F['action']>> {
    this.#lastRef += 1;
    const ref = `${this.#lastRef}`;
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#timers.after(timeoutMs, this.#onTimeout);
      this.#pending.set(ref, {
        action: frame.action,
        resolve: resolve as (reply: ServerEvent) => void,
        reject,
        cancelTimeout,
      });
      write(JSON.stringify({ ...frame, ref }));
    });
  }

  /** Hands a reply to its request; events and late replies are nobody's. */
  settle(event: ServerEvent): void {
    if (event.ref !== undefined) {
      this.#settleOne(event.ref, event);
    } else if (event.type === 'error') {
      // API Gateway's own error names no frame. All frames may be repeated, so all count as lost.
      this.failAll(new ChatClientError(event.code, event.message));
    }
  }

  failAll(error: ChatClientError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { cancelTimeout, reject } of pending) {
      cancelTimeout();
      reject(error);
    }
  }

  #settleOne(ref: string, event: ServerEvent): void {
    const request = this.#pending.get(ref);
    if (request === undefined) return;
    this.#pending.delete(ref);
    request.cancelTimeout();
    if (event.type === REPLIES[request.action]) {
      request.resolve(event);
    } else if (event.type === 'error') {
      request.reject(new ChatClientError(event.code, event.message));
    } else {
      request.reject(new ChatClientError('internal', `${event.type} answers another frame`));
    }
  }
}
