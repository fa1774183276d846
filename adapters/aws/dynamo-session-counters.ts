import type { SessionCounters } from '#core/files/file-ports';
import type { SessionId } from '#core/ids';
import { lastingExpiry } from '#core/session';
import type { DynamoTable } from './dynamo-table.ts';
import { lastingCounterKey, toExpiresAt } from './table-items.ts';

/** Counters in DynamoDB: one item per session and thing, which TTL removes long after the last count. */
export class DynamoSessionCounters implements SessionCounters {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async count(id: SessionId, what: string, most: number, nowMs: number): Promise<boolean> {
    const item = await this.#table.update(lastingCounterKey(`${what}#${id}`), {
      expression: 'SET expiresAt = :expiresAt ADD times :one',
      condition: 'attribute_not_exists(times) OR times < :most',
      values: { ':expiresAt': toExpiresAt(lastingExpiry(nowMs)), ':one': 1, ':most': most },
    });
    return item !== undefined;
  }
}
