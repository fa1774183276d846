import * as v from 'valibot';
import type { Person } from '#core/identity';
import { type SessionId, sessionId } from '#core/ids';
import type { IdentityIndex } from '#core/ports';
import type { DynamoTable } from './dynamo-table.ts';
import { parseStored } from './parse-stored.ts';
import { isLive, personKey, toExpiresAt } from './table-items.ts';

const PersonItemSchema = v.object({
  sessionId: v.pipe(v.string(), v.transform(sessionId)),
  expiresAt: v.number(),
});

/** Pointers from person to session, as items of the table. */
export class DynamoIdentityIndex implements IdentityIndex {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async find(person: Person, nowMs: number): Promise<SessionId | undefined> {
    // A query, as what opens connections may read whole partitions only.
    const [stored] = await this.#table.query(personKey(person).pk);
    if (stored === undefined) return undefined;
    const item = parseStored(PersonItemSchema, stored, 'person item');
    return isLive(item, nowMs) ? item.sessionId : undefined;
  }

  /** A pointer that was not seen has expired, and may still be in the table. */
  async claim(
    person: Person,
    from: SessionId | undefined,
    to: SessionId,
    nowMs: number,
    expiresAtMs: number,
  ): Promise<boolean> {
    const isFrom =
      from === undefined ? 'expiresAt <= :now' : 'sessionId = :from OR expiresAt <= :now';
    const item = await this.#table.update(personKey(person), {
      expression: 'SET sessionId = :to, expiresAt = :expiresAt',
      condition: `attribute_not_exists(pk) OR ${isFrom}`,
      values: {
        ':to': to,
        ':expiresAt': toExpiresAt(expiresAtMs),
        ':now': nowMs / 1000,
        ...(from !== undefined && { ':from': from }),
      },
    });
    return item !== undefined;
  }
}
