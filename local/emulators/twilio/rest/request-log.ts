import type { Pairs } from './check-parameters.ts';

/** One REST request as it was seen. */
export interface SeenRequest {
  readonly method: string;
  /** On Twilio's host, with the query. */
  readonly url: string;
  /** Decoded parameters of the body; arrays for repeated names. */
  readonly form: Readonly<Record<string, string | readonly string[]>>;
  /** Whether it carried `X-Twilio-Webhook-Enabled: true`. */
  readonly webhookEnabled: boolean;
  /** Of the answer, also of one that was cut off. */
  readonly status: number;
  /** ISO 8601. */
  readonly at: string;
}

const MAX_REQUESTS = 1000;

/** The last REST requests, newest last. */
export class RequestLog {
  readonly #seen: SeenRequest[] = [];

  add(request: SeenRequest): void {
    this.#seen.push(request);
    if (this.#seen.length > MAX_REQUESTS) this.#seen.shift();
  }

  /** What was seen so far is of no interest. */
  clear(): void {
    this.#seen.length = 0;
  }

  list(): readonly SeenRequest[] {
    return this.#seen;
  }
}

export function formOf(pairs: Pairs): SeenRequest['form'] {
  const names = new Set(pairs.map(([name]) => name));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = pairs.filter(([each]) => each === name).map(([, value]) => value);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
