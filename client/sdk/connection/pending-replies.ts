import type { EventOf, EventType, ServerEvent } from '#protocol/events';
import type { Action } from '#protocol/frames';
import { ChatClientError } from '../basics/errors.ts';
import type { Timers } from '../platform/environment.ts';

const REPLIES = {
  hello: 'session',
  startChat: 'session',
  sendMessage: 'accepted',
  attach: 'upload',
  media: 'media',
  history: 'history',
  markRead: 'ok',
  typing: 'ok',
  endChat: 'ok',
  checkToken: 'token',
  ping: 'pong',
} as const satisfies Record<Action, EventType>;

export type ReplyTo<A extends Action> = EventOf<(typeof REPLIES)[A]>;

/** @throws ChatClientError when it answers another frame. */
export function asReplyTo<A extends Action>(action: A, event: ServerEvent): ReplyTo<A> {
  if (event.type === REPLIES[action]) return event as ReplyTo<A>;
  throw new ChatClientError('internal', `${event.type} answers another frame`);
}

interface Waiting<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: ChatClientError) => void;
  readonly cancelTimeout: () => void;
}

/** What waits for a reply, each by a name of its own. */
export class PendingReplies<Reply> {
  readonly #timers: Timers;
  readonly #waiting = new Map<string, Waiting<Reply>>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** @param onTimeout runs when the reply stays away. */
  open(name: string, timeoutMs: number, onTimeout: () => void): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#timers.after(timeoutMs, onTimeout);
      this.#waiting.set(name, { resolve, reject, cancelTimeout });
    });
  }

  /** Hands a reply, or an error, to whoever waits for it; late ones are nobody's. */
  settle(name: string, reply: Reply | ChatClientError): void {
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) return;
    this.#waiting.delete(name);
    waiting.cancelTimeout();
    if (reply instanceof ChatClientError) waiting.reject(reply);
    else waiting.resolve(reply);
  }

  failAll(error: ChatClientError): void {
    for (const name of [...this.#waiting.keys()]) this.settle(name, error);
  }
}
