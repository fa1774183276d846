import { backoffMs } from './connection-state.ts';
import type { Link } from './link.ts';

/** API Gateway closes a connection after 2 hours; links are replaced between 1 h 45 and 1 h 55. */
export const ROLL_OVER_AFTER_MS = 105 * 60_000;
export const ROLL_OVER_SPREAD_MS = 10 * 60_000;

/** Opens a link's successor while the link still lives, so that no event and no frame falls in between. */
export class RollOver {
  readonly #random: () => number;
  readonly #open: () => Link;
  #link: Link | undefined;
  #next: Link | undefined;
  #failures = 0;

  constructor(random: () => number, open: () => Link) {
    this.#random = random;
    this.#open = open;
  }

  /** The successor, from its handshake until it is welcomed. */
  get next(): Link | undefined {
    return this.#next;
  }

  /** A link has been welcomed, perhaps the successor. */
  begin(link: Link): void {
    if (link !== this.#next) this.#next?.close();
    this.#next = undefined;
    this.#link = link;
    this.#failures = 0;
    this.#later(ROLL_OVER_AFTER_MS + this.#random() * ROLL_OVER_SPREAD_MS);
  }

  /** Replaces the link within a second; a deployment may have told thousands of clients to. */
  soon(): void {
    this.#later(backoffMs(0, this.#random()));
  }

  /** The successor was lost, while the link is still good. */
  failed(): void {
    this.#next = undefined;
    this.#failures += 1;
    this.#later(backoffMs(this.#failures, this.#random()));
  }

  stop(): void {
    this.#next?.close();
    this.#next = this.#link = undefined;
  }

  #later(delayMs: number): void {
    const link = this.#link;
    link?.after(delayMs, () => {
      if (link === this.#link) this.#next ??= this.#open();
    });
  }
}
