import type { Environment, KeyValueStorage } from '#client/sdk/index';
import type { OutboxEntry } from '#client/sdk/model/outbox';
import { DurableStore } from '#client/sdk/storage/durable-store';
import { memoryStorage } from '#test/support/memory-storage';

const URL = 'wss://chat.example/live';
const SESSION = { sessionId: 'session-1', token: 'a.b.c' };
const anEntry = (fields: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id: 'm1',
  order: 1,
  body: 'hello',
  createdAtMs: 0,
  state: 'queued',
  ...fields,
});

const openDurableStore = (
  storage: KeyValueStorage | undefined,
  { page, tabId }: { page?: string; tabId?: string } = {},
) => new DurableStore({ storage, tabId } as unknown as Environment, URL, page);

/** As a full `localStorage`: what is there stays, and can be removed. */
function fillable(): KeyValueStorage & { isFull: boolean } {
  const storage = memoryStorage();
  const fill = {
    isFull: false,
    setItem(key: string, value: string) {
      if (fill.isFull) throw new Error('QuotaExceededError');
      storage.setItem(key, value);
    },
  };
  return Object.setPrototypeOf(fill, storage);
}

const keysOf = (storage: KeyValueStorage) =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');

describe('the session in the durable store', () => {
  test('outlives the page', () => {
    const storage = memoryStorage();

    openDurableStore(storage).session.save(SESSION);

    expect(openDurableStore(storage).session.current).toEqual(SESSION);
  });

  test('is kept for one server only', () => {
    const storage = memoryStorage();
    openDurableStore(storage).session.save(SESSION);

    const other = new DurableStore(
      { storage } as unknown as Environment,
      'wss://other.example',
      undefined,
    );

    expect(other.session.current).toBeUndefined();
  });

  test('is forgotten on request', () => {
    const storage = memoryStorage();
    const store = openDurableStore(storage);
    store.session.save(SESSION);

    store.session.save(undefined);

    expect([store.session.current, openDurableStore(storage).session.current]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test.each(['', 'null', '[]', '{"token":1,"sessionId":"s"}', '{"token":"t"}'])(
    'is not read from %j',
    (text) => {
      const storage = memoryStorage();
      openDurableStore(storage).session.save(SESSION);
      for (const key of keysOf(storage)) storage.setItem(key, text);

      expect(openDurableStore(storage).session.current).toBeUndefined();
    },
  );

  test('serves this page where it can not be stored', () => {
    const storage = fillable();
    const store = openDurableStore(storage);
    store.session.save(SESSION);
    storage.isFull = true;

    store.session.save({ ...SESSION, token: 'd.e.f' });

    expect(store.session.current?.token).toBe('d.e.f');
    expect(store.works).toBe(false);
  });
});

describe('what the durable store says of itself', () => {
  test.each<[string, (store: DurableStore) => void]>([
    ['the session is', (store) => store.session.save(SESSION)],
    ['a message is', (store) => store.outbox.add(anEntry({ id: 'm2' }))],
    ['a message of several is', (store) => store.keep([anEntry({ id: 'm2' }), anEntry()])],
  ])('is not that it works while %s not kept, whatever else could be', (_, keep) => {
    const storage = fillable();
    const store = openDurableStore(storage, { page: 'p1' });
    storage.isFull = true;
    keep(store);

    storage.isFull = false;
    store.claim();

    expect(store.works).toBe(false);
  });
});

describe('the outbox in the durable store', () => {
  test('outlives the page in its order, whatever page added what', () => {
    const storage = memoryStorage();
    const attributes = { topic: 'returns' };
    openDurableStore(storage).outbox.add(anEntry({ id: 'm2', order: 2 }));
    openDurableStore(storage).outbox.add(anEntry({ attributes, chat: 3 }));

    const outbox = openDurableStore(storage).outbox.load();

    expect(outbox).toEqual([anEntry({ attributes, chat: 3 }), anEntry({ id: 'm2', order: 2 })]);
  });

  test('holds exactly what it was told to hold last', () => {
    const storage = memoryStorage();
    const store = openDurableStore(storage);
    store.keep([anEntry(), anEntry({ id: 'm2' })]);

    store.keep([anEntry({ id: 'm2', state: 'sent' }), anEntry({ id: 'm3' })]);

    expect(openDurableStore(storage).outbox.load()).toEqual([
      anEntry({ id: 'm2', state: 'sent' }),
      anEntry({ id: 'm3' }),
    ]);
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '7'],
    ['no body', JSON.stringify({ ...anEntry(), body: undefined })],
    ['an unknown state', JSON.stringify({ ...anEntry(), state: 'flying' })],
    ['a code that is no text', JSON.stringify({ ...anEntry(), code: 7 })],
    ['a wrong order', JSON.stringify({ ...anEntry(), order: '1' })],
  ])('drops an entry that is %s, and keeps the others', (_, text) => {
    const storage = memoryStorage();
    const store = openDurableStore(storage);
    store.outbox.add(anEntry({ id: 'spoilt' }));
    store.outbox.add(anEntry());
    for (const key of keysOf(storage)) if (key.endsWith(':spoilt')) storage.setItem(key, text);

    const outbox = openDurableStore(storage).outbox.load();

    expect(outbox).toEqual([anEntry()]);
    expect(keysOf(storage).filter((key) => key.endsWith(':spoilt'))).toEqual([]);
  });

  test('tries again to keep what did not fit', () => {
    const storage = fillable();
    const store = openDurableStore(storage);
    const entry = anEntry();
    storage.isFull = true;
    store.keep([entry]);
    expect(store.works).toBe(false);

    storage.isFull = false;
    store.keep([entry]);

    expect(store.works).toBe(true);
    expect(openDurableStore(storage).outbox.load()).toEqual([entry]);
  });

  test('is not taken for empty once it can not be read', () => {
    const storage = memoryStorage();
    const store = openDurableStore(storage);
    store.outbox.add(anEntry());
    const { getItem } = storage;
    storage.getItem = () => {
      throw new Error('SecurityError');
    };

    const outbox = store.outbox.load();
    storage.getItem = getItem;

    expect([outbox, store.works, store.hasFailed]).toEqual([[], false, true]);
    expect(openDurableStore(storage).outbox.load()).toEqual([anEntry()]);
  });

  test.each<[string, (store: DurableStore) => void]>([
    ['loaded', (store) => store.outbox.load()],
    ['saved', (store) => store.keep([])],
  ])('does not come back after a removal that was refused, once it is %s again', (_, use) => {
    const storage = memoryStorage();
    const { removeItem } = storage;
    const store = openDurableStore(storage);
    store.keep([anEntry()]);
    storage.removeItem = () => {
      throw new Error('SecurityError');
    };
    store.keep([]);
    storage.removeItem = removeItem;

    use(store);

    expect(openDurableStore(storage).outbox.load()).toEqual([]);
    expect(store.outbox.load()).toEqual([]);
  });

  test('is each tab’s own where tabs don’t know of each other', () => {
    const storage = memoryStorage();
    openDurableStore(storage, { tabId: 'a' }).outbox.add(anEntry());

    const [same, other] = ['a', 'b'].map((tabId) =>
      openDurableStore(storage, { tabId }).outbox.load(),
    );

    expect([same?.length, other?.length]).toEqual([1, 0]);
  });

  test('is shared by tabs that know of each other', () => {
    const storage = memoryStorage();
    openDurableStore(storage, { tabId: 'a', page: 'p1' }).outbox.add(anEntry());

    expect(openDurableStore(storage, { tabId: 'b', page: 'p2' }).outbox.load()).toHaveLength(1);
  });
});

describe('the claim to the durable store', () => {
  test('passes to the page that claims it last', () => {
    const storage = memoryStorage();
    const [first, second] = ['p1', 'p2'].map((page) => openDurableStore(storage, { page }));
    first?.claim();
    expect(first?.isOwn).toBe(true);

    second?.claim();

    expect([first?.isOwn, second?.isOwn]).toEqual([false, true]);
  });

  test.each([
    ['there is no storage', () => openDurableStore(undefined, { page: 'p1' })],
    ['no page shares it', () => openDurableStore(memoryStorage())],
  ])('is anyone’s where %s', (_, open) => {
    expect(open().isOwn).toBe(true);
  });

  test('is made again as soon as the storage can be written', () => {
    const storage = fillable();
    openDurableStore(storage, { page: 'p1' }).claim();
    const second = openDurableStore(storage, { page: 'p2' });
    storage.isFull = true;
    second.claim();

    storage.isFull = false;

    expect(second.isOwn).toBe(true);
    expect(openDurableStore(storage, { page: 'p1' }).isOwn).toBe(true);
  });

  test('does not stay with the former page when the storage is full', () => {
    const storage = fillable();
    openDurableStore(storage, { page: 'p1' }).claim();
    storage.isFull = true;

    const second = openDurableStore(storage, { page: 'p2' });
    second.claim();

    expect(second.isOwn).toBe(true);
  });
});

test('a durable store without storage keeps nothing and says so', () => {
  const store = openDurableStore(undefined);

  store.outbox.add(anEntry());

  expect([store.works, store.outbox.load()]).toEqual([false, []]);
});
