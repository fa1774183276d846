import { FunctionFailure } from '../aws/aws-service.ts';

/** Quota of an account and region; that of a new account may be as low as 10. */
export const ACCOUNT_CONCURRENCY = 1_000;

/** What functions that reserve none have to be left with. */
const MIN_UNRESERVED = 100;

interface Reserving {
  readonly name: string;
  readonly reservedConcurrency?: number;
}

/**
 * Counts what runs at once. A function has what it reserves, which is also its most; all others
 * share the rest of the account's.
 * Source: Lambda developer guide, "Understanding Lambda function scaling" and "Configuring
 * reserved concurrency".
 */
export class Concurrency {
  readonly #reserved: ReadonlyMap<string, number>;
  readonly #running = new Map<string, number>();

  /** @throws Error when too much is reserved, as Lambda refuses it. */
  constructor(functions: readonly Reserving[]) {
    this.#reserved = new Map(
      functions.flatMap(({ name, reservedConcurrency: reserved }) =>
        reserved === undefined ? [] : [[name, reserved] as const],
      ),
    );
    const left = ACCOUNT_CONCURRENCY - this.reserved;
    if (left < MIN_UNRESERVED) {
      throw new Error(`${this.reserved} runs are reserved: ${MIN_UNRESERVED} must stay unreserved`);
    }
  }

  /** Of all functions together. */
  get reserved(): number {
    return sum(this.#reserved.values());
  }

  /**
   * Begins a run.
   * @returns ends it.
   * @throws FunctionFailure of kind `throttle` when it would be one too many.
   */
  begin(name: string, accountLimit: number): () => void {
    const group = this.#reserved.has(name) ? name : UNRESERVED;
    const limit = this.#reserved.get(name) ?? accountLimit - this.reserved;
    const running = this.#running.get(group) ?? 0;
    if (running >= limit) throw throttled();
    this.#running.set(group, running + 1);
    return () => this.#running.set(group, (this.#running.get(group) ?? 0) - 1);
  }
}

/** No function has this name. */
const UNRESERVED = '';

/** What Lambda says to a call that it does not run now. */
export const throttled = (): FunctionFailure =>
  new FunctionFailure('throttle', 'TooManyRequestsException', 'Rate Exceeded.');

const sum = (numbers: Iterable<number>): number =>
  [...numbers].reduce((total, each) => total + each, 0);
