import { ChatError } from '#core/errors';
import type { ConnectionId } from '#core/ids';
import type { CustomerConnections } from '#core/ports';
import type { ServerEvent } from '#protocol/events';

/**
 * Records what customers would receive. Every connection takes events until a test makes it fail.
 */
export class MemoryCustomerConnections implements CustomerConnections {
  readonly #pushed = new Map<ConnectionId, ServerEvent[]>();
  readonly #gone = new Set<ConnectionId>();
  readonly #failures = new Map<ConnectionId, ChatError>();
  readonly #deaf = new Set<ConnectionId>();

  async push(connection: ConnectionId, event: ServerEvent): Promise<boolean> {
    if (this.#deaf.has(connection)) throw new ChatError('RATE_LIMITED', `${connection} is full`);
    const failure = this.#failures.get(connection);
    if (failure !== undefined) throw failure;
    if (this.#gone.has(connection)) return false;
    const events = this.#pushed.get(connection) ?? [];
    events.push(event);
    this.#pushed.set(connection, events);
    return true;
  }

  async close(connection: ConnectionId): Promise<void> {
    const failure = this.#failures.get(connection);
    if (failure !== undefined) throw failure;
    this.#gone.add(connection);
  }

  /** Was the connection closed, by us or by its client? */
  isGone(connection: ConnectionId): boolean {
    return this.#gone.has(connection);
  }

  /** What a connection has received, in the order of pushing. */
  pushed(connection: ConnectionId): readonly ServerEvent[] {
    return [...(this.#pushed.get(connection) ?? [])];
  }

  /** From now on pushes to the connection are rejected, but it can be closed. */
  deafen(connection: ConnectionId): void {
    this.#deaf.add(connection);
  }

  /** From now on the connection can't be reached, until `recover`. */
  fail(
    connection: ConnectionId,
    error = new ChatError('UPSTREAM_UNAVAILABLE', `no answer from ${connection}`),
  ): void {
    this.#failures.set(connection, error);
  }

  recover(connection: ConnectionId): void {
    this.#failures.delete(connection);
  }
}
