import type { EmbeddedDatabase } from './embedded-database.ts';

/** An item in DynamoDB's JSON. */
export type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** Every item of a table, page by page. */
export async function* scan(database: EmbeddedDatabase, tableName: string): AsyncGenerator<Item> {
  let start: unknown;
  do {
    const page = await database.call('Scan', {
      TableName: tableName,
      ...(start !== undefined && { ExclusiveStartKey: start }),
    });
    yield* page['Items'] as Item[];
    start = page['LastEvaluatedKey'];
  } while (start !== undefined);
}
