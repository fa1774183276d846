import type { ConnectionId, SessionId } from '#core/ids';
import type { ConnectionStore, OpenedConnection } from '#core/ports';
import type { DynamoTable } from './dynamo-table.ts';
import { readOpened } from './session-items.ts';
import { CONNECTION_PREFIX, connectionKey, sessionPartition, toExpiresAt } from './table-items.ts';

/** Connections in DynamoDB, each its own item in the partition of its session. */
export class DynamoConnectionStore implements ConnectionStore {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async add(
    id: SessionId,
    connection: ConnectionId,
    connectedAtMs: number,
    expiresAtMs: number,
  ): Promise<void> {
    await this.#table.put({
      ...connectionKey(id, connection),
      connectedAt: connectedAtMs,
      expiresAt: toExpiresAt(expiresAtMs),
    });
  }

  async list(id: SessionId, nowMs: number): Promise<readonly OpenedConnection[]> {
    const items = await this.#table.query(sessionPartition(id), CONNECTION_PREFIX);
    return readOpened(items, nowMs);
  }

  async take(id: SessionId, connection: ConnectionId): Promise<boolean> {
    return this.#table.delete(connectionKey(id, connection));
  }

  async remove(id: SessionId, connection: ConnectionId, connectedBeforeMs?: number): Promise<void> {
    await this.#table.delete(
      connectionKey(id, connection),
      connectedBeforeMs === undefined
        ? undefined
        : { expression: 'connectedAt < :before', values: { ':before': connectedBeforeMs } },
    );
  }
}
