import type { DynamoTable, StoredItem } from '#adapters/aws/dynamo-table';
import { identityKey, personKey, sessionKey } from '#adapters/aws/table-items';
import { findTraces, type Stores } from '#admin/erase/traces';
import { sessionId } from '#core/ids';

const ID = sessionId('5d1f6a3e-0000-4000-8000-000000000001');
const ADA = { issuer: 'https://id.example', subject: 'ada' };

/** Twilio has these chats, each with its name as its SID; the table has these items. */
function storesWith(items: readonly StoredItem[], chats: readonly string[] = []): Stores {
  const none = async () => [];
  return {
    table: { query: async (pk: string) => items.filter((item) => item['pk'] === pk) },
    channels: {
      find: async (name: string) => chats.find((chat) => chat === name),
      findUser: async () => undefined,
      messages: none,
    },
    tasks: { of: none },
  } as unknown as Stores & { readonly table: DynamoTable };
}

describe("the traces of a session's chats", () => {
  const session = { ...sessionKey(ID), expiresAt: 1, chat: { number: 8, state: 'none' } };

  test.each([
    ['of which one is lost', [], [1, 3], [1, 3]],
    ['up to the one that the session names', [session], [8], [8]],
    ['but none behind five that are lost, once the session has expired', [], [1, 8], [1]],
  ] as const)('are all that Twilio has, %s', async (_case, items, kept, found) => {
    const names = kept.map((number) => `${ID}-${number}`);

    const { chats } = await findTraces(storesWith(items, names), ID);

    expect(chats.map(({ sid }) => sid)).toEqual(found.map((number) => `${ID}-${number}`));
  });
});

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
