import { createHmac } from 'node:crypto';
import type { MinuteCounters } from '#core/ports';
import { countOnce } from './count-once.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { counterKey } from './table-items.ts';

const MINUTE_MS = 60_000;

/** Counters in DynamoDB: one item per key and minute, which TTL removes. */
export class DynamoMinuteCounters implements MinuteCounters {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async count(key: string, most: number, nowMs: number): Promise<boolean> {
    const minute = Math.floor(nowMs / MINUTE_MS);
    return countOnce(this.#table, counterKey(key, minute), most, (minute + 2) * MINUTE_MS);
  }
}

/**
 * Hides each key behind an HMAC, as addresses are personal and nobody may read them in the table.
 */
export class KeyedCounters implements MinuteCounters {
  readonly #counters: MinuteCounters;
  readonly #secret: () => Promise<string>;

  constructor(counters: MinuteCounters, secret: () => Promise<string>) {
    this.#counters = counters;
    this.#secret = secret;
  }

  async count(key: string, most: number, nowMs: number): Promise<boolean> {
    const hidden = createHmac('sha256', await this.#secret()).update(`counter ${key}`);
    return this.#counters.count(hidden.digest('base64url'), most, nowMs);
  }
}
