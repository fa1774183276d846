import type { Clock } from '#local/clock';
import type { EmbeddedDatabase, Item } from './embedded-database.ts';
import type { TableSettings } from './table-settings.ts';

/** How long an expired item stays readable; AWS promises a few days at most. */
const DEFAULT_LATENESS_MS = 5 * 60_000;

const INTERVAL_MS = 60_000;

/** Items that expired longer ago are left alone. Source: DynamoDB developer guide, "Using time to live". */
const MAX_AGE_MS = 5 * 365 * 24 * 60 * 60_000;

/** Deletes expired items, always late, so that nobody counts on their absence. */
export class ExpirySweeper {
  readonly #tables: readonly TableSettings[];
  readonly #database: EmbeddedDatabase;
  readonly #clock: Clock;
  readonly #latenessMs: number;
  #cancel = () => {};
  #sweeping: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    tables: readonly TableSettings[],
    database: EmbeddedDatabase,
    clock: Clock,
    latenessMs = DEFAULT_LATENESS_MS,
  ) {
    this.#tables = tables;
    this.#database = database;
    this.#clock = clock;
    this.#latenessMs = latenessMs;
  }

  /** Sweeps once a minute. */
  start(): void {
    this.#cancel = this.#clock.after(INTERVAL_MS, () => {
      this.#sweeping = this.sweep().then(() => {
        if (!this.#stopped) this.start();
      });
    });
  }

  /** Resolves once a running sweep is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#sweeping;
  }

  async sweep(): Promise<void> {
    for (const table of this.#tables) {
      if (table.expiryAttribute !== undefined) await this.#sweepTable(table, table.expiryAttribute);
    }
  }

  async #sweepTable(table: TableSettings, attribute: string): Promise<void> {
    for await (const item of this.#database.items(table.name)) {
      if (this.#isDue(item[attribute]?.N)) await this.#delete(table, item, attribute);
    }
  }

  /** An attribute that is no number never expires anything. */
  #isDue(expirySeconds: string | undefined): boolean {
    if (expirySeconds === undefined) return false;
    const ageMs = this.#clock.now() - Number(expirySeconds) * 1_000;
    return ageMs >= this.#latenessMs && ageMs < MAX_AGE_MS;
  }

  /** Unless the item was prolonged since it was read. */
  async #delete(table: TableSettings, item: Item, attribute: string): Promise<void> {
    const keyNames = table.keySchema.map(({ AttributeName }) => AttributeName);
    try {
      await this.#database.call('DeleteItem', {
        TableName: table.name,
        Key: Object.fromEntries(keyNames.map((name) => [name, item[name]])),
        ConditionExpression: '#expiry = :seen',
        ExpressionAttributeNames: { '#expiry': attribute },
        ExpressionAttributeValues: { ':seen': item[attribute] },
      });
    } catch (error) {
      if ((error as { code?: string }).code !== 'ConditionalCheckFailedException') throw error;
    }
  }
}
