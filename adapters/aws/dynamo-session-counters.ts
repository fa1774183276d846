import type { SessionCounters } from '#core/files/file-ports';
import type { SessionId } from '#core/ids';
import { lastingExpiry } from '#core/session';
import { countOnce } from './count-once.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { lastingCounterKey } from './table-items.ts';

/** Counters in DynamoDB: one item per session and thing, which TTL removes long after the last count. */
export class DynamoSessionCounters implements SessionCounters {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async count(id: SessionId, what: string, most: number, nowMs: number): Promise<boolean> {
    const key = lastingCounterKey(`${what}#${id}`);
    return countOnce(this.#table, key, most, lastingExpiry(nowMs));
  }
}
