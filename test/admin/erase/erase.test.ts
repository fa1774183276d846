import { erase } from '#admin/erase/erase';
import type { Stores, Traces } from '#admin/erase/traces';
import { sessionId } from '#core/ids';

const ID = sessionId('5d1f6a3e-0000-4000-8000-000000000001');
const POINTER = { pk: 'CHANNEL#CH1', sk: 'CHANNEL' };
const TASK = { sid: 'WT1', isOver: true };
const TRACES: Traces = {
  items: [],
  chats: [
    { sid: 'CH1', messages: 1, mediaSids: ['ME1'], tasks: [TASK as never], pointer: POINTER },
  ],
};

/** What is removed, in its order; one of them fails. */
function storesThatFail(at: string) {
  const removed: string[] = [];
  const remove = async (what: string) => {
    if (what === at) throw new Error(`${what} is stuck`);
    removed.push(what);
  };
  const stores = {
    table: { delete: ({ pk }: { readonly pk: string }) => remove(pk) },
    channels: { noun: 'conversation', remove, removeMedia: remove },
    tasks: { remove },
  } as unknown as Stores;
  return { stores, removed };
}

describe('erasing a chat', () => {
  test('removes the conversation last', async () => {
    const { stores, removed } = storesThatFail('nothing');

    expect(await erase(stores, ID, TRACES)).toEqual([]);

    expect(removed).toEqual(['WT1', 'ME1', 'CHANNEL#CH1', 'CH1']);
  });

  test.each(['WT1', 'ME1', 'CHANNEL#CH1'])(
    'keeps the conversation while %s is there, so that the next run finds it',
    async (stuck) => {
      const { stores, removed } = storesThatFail(stuck);

      const failures = await erase(stores, ID, TRACES);

      expect(failures).toEqual([expect.stringContaining(stuck)]);
      expect(removed).not.toContain('CH1');
    },
  );
});
