import type { ConnectionId, SessionId } from '#core/ids';
import type { ConnectionStore, OpenedConnection } from '#core/ports';
import { live, MemoryTable } from './memory-table.ts';

/** Connections in memory; `MemorySessionStore` shows them when both share a table. */
export class MemoryConnectionStore implements ConnectionStore {
  readonly #table: MemoryTable;

  constructor(table = new MemoryTable()) {
    this.#table = table;
  }

  async add(
    id: SessionId,
    connection: ConnectionId,
    connectedAtMs: number,
    expiresAtMs: number,
  ): Promise<void> {
    const connections = this.#table.connections.get(id) ?? new Map();
    connections.set(connection, { connectedAtMs, expiresAtMs });
    this.#table.connections.set(id, connections);
  }

  async list(id: SessionId, nowMs: number): Promise<OpenedConnection[]> {
    return [...(this.#table.connections.get(id) ?? [])]
      .filter(([, row]) => live(row, nowMs))
      .map(([connection, { connectedAtMs }]) => ({ id: connection, connectedAtMs }));
  }

  async take(id: SessionId, connection: ConnectionId): Promise<boolean> {
    return this.#table.connections.get(id)?.delete(connection) ?? false;
  }

  async remove(
    id: SessionId,
    connection: ConnectionId,
    connectedBeforeMs = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const connections = this.#table.connections.get(id);
    const row = connections?.get(connection);
    if (row !== undefined && row.connectedAtMs < connectedBeforeMs) connections?.delete(connection);
  }
}
