import type { Connection } from './connection.ts';
import { backoffMs } from './connection-state.ts';

/** API Gateway closes a connection after 2 hours; connections are replaced between 1 h 45 and 1 h 55. */
const HANDOVER_AFTER_MS = 105 * 60_000;
const HANDOVER_SPREAD_MS = 10 * 60_000;

/** Opens a connection's successor while the connection still lives, so that no event and no frame falls in between. */
export class ConnectionHandover {
  readonly #random: () => number;
  readonly #open: () => Connection;
  #current: Connection | undefined;
  #next: Connection | undefined;
  #failures = 0;

  constructor(random: () => number, open: () => Connection) {
    this.#random = random;
    this.#open = open;
  }

  /** The successor, from its handshake until it is welcomed. */
  get next(): Connection | undefined {
    return this.#next;
  }

  /** A connection has been welcomed, perhaps the successor. */
  begin(connection: Connection): void {
    if (connection !== this.#next) this.#next?.close();
    this.#next = undefined;
    this.#current = connection;
    this.#failures = 0;
    this.#later(HANDOVER_AFTER_MS + this.#random() * HANDOVER_SPREAD_MS);
  }

  /** Replaces the connection within a second; a deployment may have told thousands of clients to. */
  soon(): void {
    this.#later(backoffMs(0, this.#random()));
  }

  /** The successor was lost, while the connection is still good. */
  failed(): void {
    this.#next = undefined;
    this.#failures += 1;
    this.#later(backoffMs(this.#failures, this.#random()));
  }

  stop(): void {
    this.#next?.close();
    this.#next = this.#current = undefined;
  }

  #later(delayMs: number): void {
    const connection = this.#current;
    connection?.after(delayMs, () => {
      if (connection === this.#current) this.#next ??= this.#open();
    });
  }
}
