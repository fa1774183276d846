/** The agents' side, by the calls on `TwilioUrl` that docs/architecture.md lists. */
import { setTimeout as delay } from 'node:timers/promises';

interface Task {
  readonly sid: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface DeskMessage {
  readonly body: string;
}

const POLL_MS = 100;

/** All agents. One poll serves all who wait for a task. */
export class AgentDesk {
  readonly #url: string;
  readonly #waiting = new Map<string, (task: string) => void>();
  #polling: Promise<void> | undefined;

  constructor(twilioUrl: string) {
    this.#url = twilioUrl;
  }

  /** @returns SID of the task of the customer with this name. */
  taskOf(customerName: string): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.set(customerName, resolve);
      this.#polling ??= this.#poll().finally(() => {
        this.#polling = undefined;
      });
    });
  }

  /** @returns false when an agent has it already: an earlier call's answer was lost. */
  async accept(task: string): Promise<void> {
    await this.#call('POST', `/agent/tasks/${task}/accept`, { name: 'Ada' }, [409]);
  }

  /** Posts a text that is posted once only; looks first where an earlier answer may have been lost. */
  async answer(task: string, body: string): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      if (!isFirst && (await this.bodies(task)).includes(body)) return;
      const posted = await this.#once('POST', `/agent/tasks/${task}/messages`, { body });
      if (posted?.ok) return;
      await delay(POLL_MS);
    }
  }

  async complete(task: string): Promise<void> {
    await this.#call('POST', `/agent/tasks/${task}/complete`, {}, [409]);
  }

  /** What the task's transcript shows, in order. */
  async bodies(task: string): Promise<string[]> {
    const messages = (await this.#call('GET', `/agent/tasks/${task}/messages`)) as DeskMessage[];
    return messages.map(({ body }) => body);
  }

  /** @throws Error when they are refused. */
  async faults(faults: object): Promise<void> {
    await this.#call('PUT', '/faults', faults);
  }

  async tasks(): Promise<Task[]> {
    return (await this.#call('GET', '/agent/tasks')) as Task[];
  }

  async #poll(): Promise<void> {
    while (this.#waiting.size > 0) {
      for (const { sid, attributes } of await this.tasks()) {
        const name = String(attributes['name']);
        this.#waiting.get(name)?.(sid);
        this.#waiting.delete(name);
      }
      await delay(POLL_MS);
    }
  }

  /** Repeats until there is an answer: the stack may be down for a while. */
  async #call(method: string, path: string, body?: object, alsoGood: number[] = []) {
    for (;;) {
      const answer = await this.#once(method, path, body);
      if (answer?.ok || alsoGood.includes(answer?.status ?? 0)) return answer?.body;
      if (answer !== undefined) throw new Error(`${method} ${path}: ${answer.status}`);
      await delay(POLL_MS);
    }
  }

  /** @returns undefined when no answer came. */
  async #once(method: string, path: string, body?: object) {
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const { ok, status } = response;
      return { ok, status, body: (text === '' ? undefined : JSON.parse(text)) as unknown };
    } catch {
      return undefined;
    }
  }
}
