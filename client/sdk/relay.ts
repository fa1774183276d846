import type { Command } from './command.ts';
import type { Environment } from './environment.ts';
import { ChatClientError } from './errors.ts';
import { REQUEST_TIMEOUT_MS } from './requests.ts';
import type { TabMessage } from './tab-message.ts';

interface Call {
  readonly resolve: () => void;
  readonly reject: (error: ChatClientError) => void;
  readonly cancelTimeout: () => void;
}

/** Commands on their way to the tab that leads. */
export class Relay {
  readonly #environment: Environment;
  readonly #post: (message: TabMessage) => void;
  readonly #calls = new Map<string, Call>();

  constructor(environment: Environment, post: (message: TabMessage) => void) {
    this.#environment = environment;
    this.#post = post;
  }

  /** @throws ChatClientError what the leader throws; `unavailable` when no leader answers. */
  run(command: Command): Promise<void> {
    const { newId, timers } = this.#environment;
    const id = newId();
    return new Promise((resolve, reject) => {
      const giveUp = () => this.settle({ type: 'reply', id, code: 'unavailable' });
      const cancelTimeout = timers.after(REQUEST_TIMEOUT_MS, giveUp);
      this.#calls.set(id, { resolve, reject, cancelTimeout });
      this.#post({ type: 'call', id, command });
    });
  }

  settle({ id, code }: Extract<TabMessage, { type: 'reply' }>): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    call.cancelTimeout();
    if (code === undefined) call.resolve();
    else call.reject(new ChatClientError(code));
  }

  /** The leader has changed: whoever called asks again. */
  failAll(): void {
    for (const id of [...this.#calls.keys()]) {
      this.settle({ type: 'reply', id, code: 'unavailable' });
    }
  }
}
