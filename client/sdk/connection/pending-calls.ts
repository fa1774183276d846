import { ChatClientError } from '../basics/errors.ts';
import type { Timers } from '../platform/environment.ts';

interface Call<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: ChatClientError) => void;
  readonly cancelTimeout: () => void;
}

/** Calls that wait for their answer, each by a name of its own. */
export class PendingCalls<Answer> {
  readonly #timers: Timers;
  readonly #calls = new Map<string, Call<Answer>>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get isEmpty(): boolean {
    return this.#calls.size === 0;
  }

  /** @param onTimeout called when the answer stays away. */
  open(name: string, timeoutMs: number, onTimeout: () => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#timers.after(timeoutMs, onTimeout);
      this.#calls.set(name, { resolve, reject, cancelTimeout });
    });
  }

  /** Hands an answer, or an error, to its call; late ones are nobody's. */
  settle(name: string, answer: Answer | ChatClientError): void {
    const call = this.#calls.get(name);
    if (call === undefined) return;
    this.#calls.delete(name);
    call.cancelTimeout();
    if (answer instanceof ChatClientError) call.reject(answer);
    else call.resolve(answer);
  }

  failAll(error: ChatClientError): void {
    for (const name of [...this.#calls.keys()]) this.settle(name, error);
  }
}
