import type { Environment, KeyValueStorage } from '#client/sdk/index';
import type { OutboxEntry } from '#client/sdk/model/outbox';
import { Vault } from '#client/sdk/storage/vault';
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

const openVault = (
  storage: KeyValueStorage | undefined,
  { page, tabId }: { page?: string; tabId?: string } = {},
) => new Vault({ storage, tabId } as unknown as Environment, URL, page);

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

describe('the session in the vault', () => {
  test('outlives the page', () => {
    const storage = memoryStorage();

    openVault(storage).saveSession(SESSION);

    expect(openVault(storage).session).toEqual(SESSION);
  });

  test('is kept for one server only', () => {
    const storage = memoryStorage();
    openVault(storage).saveSession(SESSION);

    const other = new Vault(
      { storage } as unknown as Environment,
      'wss://other.example',
      undefined,
    );

    expect(other.session).toBeUndefined();
  });

  test('is forgotten on request', () => {
    const storage = memoryStorage();
    const vault = openVault(storage);
    vault.saveSession(SESSION);

    vault.saveSession(undefined);

    expect([vault.session, openVault(storage).session]).toEqual([undefined, undefined]);
  });

  test.each(['', 'null', '[]', '{"token":1,"sessionId":"s"}', '{"token":"t"}'])(
    'is not read from %j',
    (text) => {
      const storage = memoryStorage();
      openVault(storage).saveSession(SESSION);
      for (const key of keysOf(storage)) storage.setItem(key, text);

      expect(openVault(storage).session).toBeUndefined();
    },
  );

  test('serves this page where it can not be stored', () => {
    const storage = fillable();
    const vault = openVault(storage);
    vault.saveSession(SESSION);
    storage.isFull = true;

    vault.saveSession({ ...SESSION, token: 'd.e.f' });

    expect(vault.session?.token).toBe('d.e.f');
    expect(vault.works).toBe(false);
  });
});

describe('what the vault says of itself', () => {
  test.each<[string, (vault: Vault) => void]>([
    ['the session is', (vault) => vault.saveSession(SESSION)],
    ['a message is', (vault) => vault.add(anEntry({ id: 'm2' }))],
    ['a message of several is', (vault) => vault.saveOutbox([anEntry({ id: 'm2' }), anEntry()])],
  ])('is not that it works while %s not kept, whatever else could be', (_, keep) => {
    const storage = fillable();
    const vault = openVault(storage, { page: 'p1' });
    storage.isFull = true;
    keep(vault);

    storage.isFull = false;
    vault.claim();

    expect(vault.works).toBe(false);
  });
});

describe('the outbox in the vault', () => {
  test('outlives the page in its order, whatever page added what', () => {
    const storage = memoryStorage();
    const attributes = { topic: 'returns' };
    openVault(storage).add(anEntry({ id: 'm2', order: 2 }));
    openVault(storage).add(anEntry({ attributes, chat: 3 }));

    const outbox = openVault(storage).loadOutbox();

    expect(outbox).toEqual([anEntry({ attributes, chat: 3 }), anEntry({ id: 'm2', order: 2 })]);
  });

  test('holds exactly what it was told to hold last', () => {
    const storage = memoryStorage();
    const vault = openVault(storage);
    vault.saveOutbox([anEntry(), anEntry({ id: 'm2' })]);

    vault.saveOutbox([anEntry({ id: 'm2', state: 'sent' }), anEntry({ id: 'm3' })]);

    expect(openVault(storage).loadOutbox()).toEqual([
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
    const vault = openVault(storage);
    vault.add(anEntry({ id: 'spoilt' }));
    vault.add(anEntry());
    for (const key of keysOf(storage)) if (key.endsWith(':spoilt')) storage.setItem(key, text);

    const outbox = openVault(storage).loadOutbox();

    expect(outbox).toEqual([anEntry()]);
    expect(keysOf(storage).filter((key) => key.endsWith(':spoilt'))).toEqual([]);
  });

  test('tries again to keep what did not fit', () => {
    const storage = fillable();
    const vault = openVault(storage);
    const entry = anEntry();
    storage.isFull = true;
    vault.saveOutbox([entry]);
    expect(vault.works).toBe(false);

    storage.isFull = false;
    vault.saveOutbox([entry]);

    expect(vault.works).toBe(true);
    expect(openVault(storage).loadOutbox()).toEqual([entry]);
  });

  test('is not taken for empty once it can not be read', () => {
    const storage = memoryStorage();
    const vault = openVault(storage);
    vault.add(anEntry());
    const { getItem } = storage;
    storage.getItem = () => {
      throw new Error('SecurityError');
    };

    const outbox = vault.loadOutbox();
    storage.getItem = getItem;

    expect([outbox, vault.works, vault.hasFailed]).toEqual([[], false, true]);
    expect(openVault(storage).loadOutbox()).toEqual([anEntry()]);
  });

  test.each<[string, (vault: Vault) => void]>([
    ['loaded', (vault) => vault.loadOutbox()],
    ['saved', (vault) => vault.saveOutbox([])],
  ])('does not come back after a removal that was refused, once it is %s again', (_, use) => {
    const storage = memoryStorage();
    const { removeItem } = storage;
    const vault = openVault(storage);
    vault.saveOutbox([anEntry()]);
    storage.removeItem = () => {
      throw new Error('SecurityError');
    };
    vault.saveOutbox([]);
    storage.removeItem = removeItem;

    use(vault);

    expect(openVault(storage).loadOutbox()).toEqual([]);
    expect(vault.loadOutbox()).toEqual([]);
  });

  test('is each tab’s own where tabs don’t know of each other', () => {
    const storage = memoryStorage();
    openVault(storage, { tabId: 'a' }).add(anEntry());

    const [same, other] = ['a', 'b'].map((tabId) => openVault(storage, { tabId }).loadOutbox());

    expect([same?.length, other?.length]).toEqual([1, 0]);
  });

  test('is shared by tabs that know of each other', () => {
    const storage = memoryStorage();
    openVault(storage, { tabId: 'a', page: 'p1' }).add(anEntry());

    expect(openVault(storage, { tabId: 'b', page: 'p2' }).loadOutbox()).toHaveLength(1);
  });
});

describe('the claim to the vault', () => {
  test('passes to the page that claims it last', () => {
    const storage = memoryStorage();
    const [first, second] = ['p1', 'p2'].map((page) => openVault(storage, { page }));
    first?.claim();
    expect(first?.isOwn).toBe(true);

    second?.claim();

    expect([first?.isOwn, second?.isOwn]).toEqual([false, true]);
  });

  test.each([
    ['there is no storage', () => openVault(undefined, { page: 'p1' })],
    ['no page shares it', () => openVault(memoryStorage())],
  ])('is anyone’s where %s', (_, open) => {
    expect(open().isOwn).toBe(true);
  });

  test('is made again as soon as the storage can be written', () => {
    const storage = fillable();
    openVault(storage, { page: 'p1' }).claim();
    const second = openVault(storage, { page: 'p2' });
    storage.isFull = true;
    second.claim();

    storage.isFull = false;

    expect(second.isOwn).toBe(true);
    expect(openVault(storage, { page: 'p1' }).isOwn).toBe(true);
  });

  test('does not stay with the former page when the storage is full', () => {
    const storage = fillable();
    openVault(storage, { page: 'p1' }).claim();
    storage.isFull = true;

    const second = openVault(storage, { page: 'p2' });
    second.claim();

    expect(second.isOwn).toBe(true);
  });
});

test('a vault without storage keeps nothing and says so', () => {
  const vault = openVault(undefined);

  vault.add(anEntry());

  expect([vault.works, vault.loadOutbox()]).toEqual([false, []]);
});
