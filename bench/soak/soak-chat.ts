import { setTimeout as delay } from 'node:timers/promises';
import type { AgentDesk } from '../load/agent-desk.ts';
import { Customer, type Shown } from '../load/customer.ts';

/** Within this a push has come, or it is late and the transcript is read. */
const PUSH_TIMEOUT_MS = 15_000;

/** Milliseconds. */
export interface Latencies {
  /** From the customer's words to their echo. */
  readonly echo: number[];
  /** From the agent's words to the customer. */
  readonly answer: number[];
  /** Messages whose push did not come in time. */
  late: number;
}

/** One customer and one agent who take turns. */
export class SoakChat {
  readonly customer: Customer;
  readonly #desk: AgentDesk;
  readonly #latencies: Latencies;
  readonly #expected = new Map<string, () => void>();
  #task = '';
  #turns = 0;

  constructor(socketUrl: string, name: string, desk: AgentDesk, latencies: Latencies) {
    this.customer = new Customer(socketUrl, name);
    this.customer.onMessage = ({ body }: Shown) => this.#expected.get(body)?.();
    this.#desk = desk;
    this.#latencies = latencies;
  }

  async open(): Promise<void> {
    await this.customer.connect();
    await this.customer.say('first', 'hello');
    this.#task = await this.#desk.taskOf(this.customer.name);
    await this.#desk.accept(this.#task);
  }

  /** The customer says something, and the agent answers. */
  async takeTurns(): Promise<void> {
    this.#turns += 1;
    const { echo, answer } = this.#latencies;
    const said = `customer ${this.#turns}`;
    await this.#measure(said, echo, () => this.customer.say(`m${this.#turns}`, said));
    const answered = `agent ${this.#turns}`;
    await this.#measure(answered, answer, () => this.#desk.answer(this.#task, answered));
    this.customer.forget();
  }

  async end(): Promise<void> {
    await this.#desk.complete(this.#task);
    await this.customer.close();
  }

  async #measure(body: string, into: number[], send: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    const pushed = new Promise<'pushed'>((resolve) =>
      this.#expected.set(body, () => resolve('pushed')),
    );
    const timeout = new AbortController();
    await send();
    const late = delay(PUSH_TIMEOUT_MS, 'late' as const, { signal: timeout.signal });
    late.catch(() => undefined);
    const outcome = await Promise.race([pushed, late]);
    timeout.abort();
    this.#expected.delete(body);
    if (outcome === 'pushed') into.push(performance.now() - startedAt);
    else this.#latencies.late += 1;
  }
}
