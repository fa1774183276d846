import type { Assembly } from '#local/assembly/assembly';
import { type Clock, systemClock } from '#local/clock';
import type { AwsService } from '../aws/aws-service.ts';
import { DynamoDbService } from './dynamodb-service.ts';
import { DatabaseError, EmbeddedDatabase, type Item } from './embedded-database.ts';
import { ExpirySweeper } from './expiry-sweeper.ts';
import { readTables, type TableSettings } from './table-settings.ts';

export interface DynamoDbOptions {
  readonly assembly: Assembly;
  /** Directory that keeps the data; without it the data ends with the process. */
  readonly path?: string;
  readonly clock?: Clock;
  /** How long an expired item stays readable. */
  readonly expiryLatenessMs?: number;
}

export interface DynamoDb {
  /** What the front door passes calls to. */
  readonly service: AwsService;
  /** Deletes what expired longer ago than the lateness; runs by itself once a minute. */
  sweep(): Promise<void>;
  /** Every item of every table, for tests: no role may scan. */
  items(): Promise<readonly Item[]>;
  close(): Promise<void>;
}

/** Starts the embedded database with every table of the assembly; a kept table stays as it is. */
export async function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  const tables = readTables(options.assembly);
  const database = new EmbeddedDatabase(options.path);
  try {
    for (const table of tables) await createTable(database, table);
  } catch (error) {
    await database.close();
    throw error;
  }
  const { clock = systemClock, expiryLatenessMs } = options;
  const sweeper = new ExpirySweeper(tables, database, clock, expiryLatenessMs);
  sweeper.start();
  return {
    service: new DynamoDbService(database),
    sweep: () => sweeper.sweep(),
    items: async () => {
      const items: Item[] = [];
      for (const { name } of tables) {
        for await (const item of database.items(name)) items.push(item);
      }
      return items;
    },
    close: async () => {
      await sweeper.stop();
      await database.close();
    },
  };
}

async function createTable(database: EmbeddedDatabase, table: TableSettings): Promise<void> {
  try {
    await database.call('CreateTable', {
      TableName: table.name,
      KeySchema: table.keySchema,
      AttributeDefinitions: table.attributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
    });
  } catch (error) {
    const isKept = error instanceof DatabaseError && error.code === 'ResourceInUseException';
    if (!isKept) throw error;
    await refuseOtherKeys(database, table);
  }
  await untilActive(database, table.name);
}

/** AWS would replace a table whose keys changed. */
async function refuseOtherKeys(database: EmbeddedDatabase, table: TableSettings): Promise<void> {
  const kept = await describeTable(database, table.name);
  if (JSON.stringify(kept.KeySchema) !== JSON.stringify(table.keySchema)) {
    throw new Error(`the kept table ${table.name} has other keys: remove its directory`);
  }
}

/** It creates a table within a turn of the event loop, not at once. */
async function untilActive(database: EmbeddedDatabase, name: string): Promise<void> {
  while ((await describeTable(database, name)).TableStatus !== 'ACTIVE') {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function describeTable(database: EmbeddedDatabase, name: string) {
  const { Table } = await database.call('DescribeTable', { TableName: name });
  return Table as { readonly TableStatus: string; readonly KeySchema: unknown };
}
