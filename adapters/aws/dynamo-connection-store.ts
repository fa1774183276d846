import type { ConnectionId, SessionId } from '#core/ids';
import type { ConnectionStore } from '#core/ports';
import type { DynamoTable } from './dynamo-table.ts';
import { connectionKey, toExpiresAt } from './table-items.ts';

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

  async remove(id: SessionId, connection: ConnectionId, connectedBeforeMs?: number): Promise<void> {
    await this.#table.delete(
      connectionKey(id, connection),
      connectedBeforeMs === undefined
        ? undefined
        : { expression: 'connectedAt < :before', values: { ':before': connectedBeforeMs } },
    );
  }
}
