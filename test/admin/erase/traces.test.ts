import type { DynamoTable, StoredItem } from '#adapters/aws/dynamo-table';
import { identityKey, personKey, sessionKey } from '#adapters/aws/table-items';
import { findTraces, type Stores } from '#admin/erase/traces';
import { sessionId } from '#core/ids';

const ID = sessionId('5d1f6a3e-0000-4000-8000-000000000001');
const ADA = { issuer: 'https://id.example', subject: 'ada' };

/** Twilio has nothing; the table has these items. */
function storesWith(items: readonly StoredItem[]): Stores {
  const nothing = async () => undefined;
  return {
    table: { query: async (pk: string) => items.filter((item) => item['pk'] === pk) },
    channels: { find: nothing, findUser: nothing },
    tasks: {},
  } as unknown as Stores & { readonly table: DynamoTable };
}

describe('the traces of a customer who signed in', () => {
  const session = { ...sessionKey(ID), expiresAt: 1, chat: { number: 1, state: 'none' } };
  const identity = { ...identityKey(ID), ...ADA };

  test('include the pointer from the person', async () => {
    const stores = storesWith([session, identity, { ...personKey(ADA), sessionId: ID }]);

    const { items } = await findTraces(stores, ID);

    expect(items).toContainEqual(identityKey(ID));
    expect(items).toContainEqual(personKey(ADA));
  });

  test('leave out a pointer that leads to another session', async () => {
    const stores = storesWith([session, identity, { ...personKey(ADA), sessionId: 'another' }]);

    const { items } = await findTraces(stores, ID);

    expect(items).not.toContainEqual(personKey(ADA));
  });
});
