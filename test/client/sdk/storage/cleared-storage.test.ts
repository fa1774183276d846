import type { KeyValueStorage } from '#client/sdk/index';
import { FakeBrowser } from '#test/support/fake-browser';
import { loneBrowser, OPEN_CHAT, shownIn, welcome as welcomeOne } from '#test/support/lone-tab';
import { memoryStorage } from '#test/support/memory-storage';
import {
  bodiesSent,
  deposed,
  ELECTIONS,
  elected,
  openTabs,
  told,
  welcome,
} from '#test/support/several-tabs';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** As a site does that logs its visitor out. */
function clear(storage: KeyValueStorage): void {
  for (let n = storage.length - 1; n >= 0; n -= 1) storage.removeItem(storage.key(n) ?? '');
}

const keysOf = (storage: KeyValueStorage): string[] =>
  Array.from({ length: storage.length }, (_, n) => storage.key(n)?.split('live:')[1] ?? '').sort();

async function aLoneTab() {
  const storage = memoryStorage();
  const tab = loneBrowser({ storage }).open();
  tab.client.connect();
  await welcomeOne(tab.socket);
  return { storage, tab };
}

describe('a page whose site clears its storage', () => {
  test('writes the session and what is on its way again with the next change', async () => {
    const { storage, tab } = await aLoneTab();
    tab.client.send('one');
    const before = keysOf(storage);
    clear(storage);

    await tab.socket.push({ type: 'typing', chat: 1, name: 'Ada' });

    expect(keysOf(storage)).toEqual(before);
    expect(tab.client.state.persistent).toBe(true);
  });

  test('keeps the chat through a reload that follows at once', async () => {
    const { storage, tab } = await aLoneTab();
    tab.client.send('one');
    clear(storage);
    tab.close();

    const reloaded = loneBrowser({ storage }).open({ tabId: 't1' });
    reloaded.client.connect();
    await welcomeOne(reloaded.socket);

    expect(reloaded.socket.protocols).toContain('token.token-1');
    expect(shownIn(reloaded.client)).toEqual(['one (sending)']);
  });

  test('says that it keeps nothing when it can not write it again', async () => {
    const { storage, tab } = await aLoneTab();
    clear(storage);
    storage.setItem = () => {
      throw new Error('QuotaExceededError');
    };

    await tab.socket.push({ type: 'typing', chat: 1, name: 'Ada' });

    expect(tab.client.state.persistent).toBe(false);
  });

  test('does not bring back a session that the server has ended', async () => {
    const { storage, tab } = await aLoneTab();
    await tab.socket.push({ type: 'closing', reason: 'revoked', reconnect: true });
    clear(storage);

    tab.close();

    expect(keysOf(storage).filter((key) => key === 'session')).toEqual([]);
  });

  test('brings nothing back once it has disconnected', async () => {
    const { storage, tab } = await aLoneTab();
    tab.client.disconnect();
    clear(storage);

    tab.close();

    expect(keysOf(storage)).toEqual([]);
  });
});

describe.each(ELECTIONS)(
  'tabs whose site clears its storage, that elect a leader by %s',
  (_, options) => {
    test('have everything stored again within two seconds, with nothing said', async () => {
      const { browser, first } = await openTabs(2, options);
      first.client.send('one');
      await told();
      const before = keysOf(browser.storage);
      clear(browser.storage);

      await jest.advanceTimersByTimeAsync(2_000);

      expect(keysOf(browser.storage)).toEqual(before);
    });

    test.each(['close', 'crash'] as const)(
      'stay in the chat when the leading one is gone at once by a %s, and open no second task',
      async (end) => {
        const { browser, first, second } = await openTabs(2, options);
        first.client.send('one');
        await told();
        clear(browser.storage);
        first[end]();
        second.client.send('two');
        await deposed();

        await welcome(second.socket);
        await second.socket
          .reply('history', {
            type: 'history',
            chat: 1,
            messages: [],
            complete: true,
            state: 'open',
          })
          .catch(() => {});

        expect(second.socket.protocols).toContain('token.token-1');
        expect(bodiesSent(second)[0]).toBe('one');
      },
    );

    test('stay in the chat when the one that led is loaded anew', async () => {
      const { browser, first, second } = await openTabs(2, options);
      clear(browser.storage);
      first.close();
      const reloaded = browser.open();
      reloaded.client.connect();
      await elected();
      await deposed();
      const connected = [second, reloaded].filter(({ sockets }) => sockets.length > 0);
      for (const { socket } of connected) await welcome(socket);

      expect(connected.map(({ socket }) => socket.protocols[1])).toEqual(['token.token-1']);
      expect(reloaded.client.state.chat).toEqual(OPEN_CHAT.chat);
    });
  },
);

test('a single tab of those that know of each other keeps its chat through a reload', async () => {
  const browser = new FakeBrowser();
  const tab = browser.open();
  tab.client.connect();
  await elected();
  await welcome(tab.socket);
  clear(browser.storage);
  tab.close();

  const reloaded = browser.open();
  reloaded.client.connect();
  await elected();

  expect(reloaded.socket.protocols).toContain('token.token-1');
});
