import { aHistoryReply, anEcho, aSessionReply } from '#test/support/chat-events';
import { FakeBrowser } from '#test/support/fake-browser';
import { OPEN_CHAT, shownIn as shown } from '#test/support/lone-tab';
import {
  accept,
  bodiesSent,
  deposed,
  ELECTIONS,
  elected,
  fullWithoutRoom,
  NO_STORAGE,
  openTabs,
  told,
  welcome,
} from '#test/support/several-tabs';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe.each(ELECTIONS)(
  'tabs on full or forbidden storage that elect a leader by %s',
  (_, options) => {
    test('offer what they have again to a leader that had lost its place in between', async () => {
      const storage = fullWithoutRoom();
      const browser = new FakeBrowser({ ...options, storage });
      const first = browser.open({ nowMs: () => Date.now() + 365 * 86_400_000 });
      const second = browser.open();
      first.client.connect();
      await elected();
      first.freeze();
      second.client.connect();
      await deposed();
      storage.isFull = true;
      second.client.send('one');

      first.thaw();
      await deposed();
      await deposed();
      const leader = [first, second].find(({ sockets }) => sockets.at(-1)?.isClosed === false);
      await welcome((leader ?? first).socket);
      await told();

      expect(bodiesSent(leader ?? first)).toEqual(['one']);
    });

    test('do not have a thawed leader send what it was asked to while it slept', async () => {
      const { first, second } = await openTabs(2, { ...options, storage: NO_STORAGE });
      first.freeze();
      const id = second.client.send('one');
      await deposed();
      await welcome(second.socket);
      await accept(second.socket, id);
      await jest.advanceTimersByTimeAsync(20_000);

      first.thaw();
      await elected();

      expect(bodiesSent(second)).toEqual(['one']);
      expect(bodiesSent(first)).toEqual([]);
    });

    test('take over without storage, too', async () => {
      const { first, second } = await openTabs(2, { ...options, storage: NO_STORAGE });
      expect(second.client.state.persistent).toBe(false);
      first.client.send('one');
      await told();

      first.crash();
      await deposed();
      await welcome(second.socket);

      expect(second.socket.protocols).toContain('token.token-1');
      expect(bodiesSent(second)).toEqual(['one']);
    });

    test('know of what is not kept until there is room for it again', async () => {
      const storage = fullWithoutRoom();
      const { first, second } = await openTabs(2, { ...options, storage });
      const persistent = () => [first, second].map(({ client }) => client.state.persistent);
      storage.isFull = true;
      second.client.send('one');
      await told();
      expect(persistent()).toEqual([false, false]);

      storage.isFull = false;
      await accept(first.socket, first.socket.framesOf('sendMessage')[0]?.id ?? '');

      expect(persistent()).toEqual([true, true]);
    });

    test.each(['leave', 'disconnect'] as const)(
      'keep what no storage had room for through a %s',
      async (how) => {
        const storage = fullWithoutRoom();
        const tab = new FakeBrowser({ ...options, storage }).open();
        tab.client.connect();
        await elected();
        await welcome(tab.socket);
        storage.isFull = true;
        tab.client.send('one');

        if (how === 'leave') tab.leave();
        else tab.client.disconnect();
        await told();
        tab.client.connect();
        await elected();
        await welcome(tab.socket);

        expect(shown(tab.client)).toEqual(['one (sending)']);
      },
    );

    test('find together again after a time in which nothing might be shared', async () => {
      const { browser, first, second } = await openTabs(2, options);
      second.leave();
      browser.isForbidden = true;
      second.wake();
      await elected();
      await welcome(second.socket);
      browser.isForbidden = false;

      for (const { socket } of [first, second, first, second]) {
        await socket.push({ type: 'typing', chat: 1, name: 'Ada' });
        await elected();
        await welcome(first.socket);
      }
      const opened = first.sockets.length + second.sockets.length;
      await deposed();
      first.client.send('one');
      await told();

      expect(first.sockets.length + second.sockets.length).toBe(opened);
      expect(shown(second.client)).toEqual(shown(first.client));
    });

    test.each(['waiting', 'failed'] as const)(
      'ask before they send what another tab may have sent while it was %s here',
      async (state) => {
        const tab = new FakeBrowser({ ...options, storage: NO_STORAGE }).open();
        tab.client.connect();
        await elected();
        if (state === 'failed') await welcome(tab.socket);
        const id = tab.client.send('one');
        await tab.socket.push({ type: 'rejected', id, code: 'undeliverable' });
        tab.leave();
        tab.wake();
        await elected();

        await welcome(tab.socket, aSessionReply({ ...OPEN_CHAT, complete: false }));
        tab.client.retry(id);
        const messages = [anEcho(id, { body: 'one' })];
        await tab.socket.reply('history', aHistoryReply({ messages }));

        expect(tab.socket.framesOf('sendMessage')).toEqual([]);
        expect(shown(tab.client)).toEqual(['one']);
      },
    );

    test('does not go back to the session of a leader from long ago', async () => {
      const { first, second } = await openTabs(2, { ...options, storage: NO_STORAGE });
      first.crash();
      await deposed();
      await welcome(second.socket, aSessionReply({ sessionId: 'session-2', token: 'token-2' }));

      second.leave();
      second.wake();
      await elected();

      expect(second.socket.protocols).toContain('token.token-2');
    });
  },
);

describe('a tab that may share nothing any more', () => {
  test('is online on its own', async () => {
    const browser = new FakeBrowser({ storage: NO_STORAGE });
    const tab = browser.open();
    browser.isForbidden = true;

    tab.client.connect();
    await elected();
    await welcome(tab.socket);

    expect(tab.client.state.connection.name).toBe('online');
  });
});
