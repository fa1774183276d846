import { TwilioError } from './twilio-error.ts';

const SECOND_MS = 1000;

/** How often something may be asked for; by the real clock, which clients wait by. */
export class RequestRate {
  readonly #perSecond: number;
  #served: number[] = [];

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @throws TwilioError 20429 */
  count(): void {
    const nowMs = performance.now();
    this.#served = this.#served.filter((atMs) => atMs > nowMs - SECOND_MS);
    if (this.#served.length >= this.#perSecond) {
      throw new TwilioError(429, 20429, 'Too Many Requests');
    }
    this.#served.push(nowMs);
  }
}
