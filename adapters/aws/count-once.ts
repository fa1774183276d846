import type { DynamoTable, ItemKey } from './dynamo-table.ts';
import { toExpiresAt } from './table-items.ts';

/** Adds one to an item's count in one conditional write. @returns whether it was below `most`. */
export async function countOnce(
  table: DynamoTable,
  key: ItemKey,
  most: number,
  expiresAtMs: number,
): Promise<boolean> {
  const item = await table.update(key, {
    expression: 'SET expiresAt = :expiresAt ADD times :one',
    condition: 'attribute_not_exists(times) OR times < :most',
    values: { ':expiresAt': toExpiresAt(expiresAtMs), ':one': 1, ':most': most },
  });
  return item !== undefined;
}
