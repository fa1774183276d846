import { aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';
import { FakeBrowser, type FakeTab } from '#test/support/fake-browser';
import { OPEN_CHAT, shownIn as shown } from '#test/support/lone-tab';
import {
  accept,
  bodiesSent,
  deposed,
  ELECTIONS,
  elected,
  openTabs,
  told,
  welcome,
} from '#test/support/several-tabs';

const OK = { type: 'ok', action: 'endChat' } as const;

/** As Vue, Svelte and MobX do it; no such object can be cloned. */
const reactive = <Value extends object>(value: Value): Value => new Proxy(value, {});

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe.each(ELECTIONS)('tabs that elect a leader by %s', (_, options) => {
  test('share one connection and one state', async () => {
    const { first, second } = await openTabs(2, options);

    await first.socket.push(aMessageEvent());
    await told();

    expect(second.sockets).toEqual([]);
    expect(second.client.state).toEqual(first.client.state);
    expect(shown(second.client)).toEqual(['hello']);
  });

  test('name the chat of a message that was written before its tab knew of one', async () => {
    const { browser, first } = await openTabs(2, options);
    const third = browser.open();
    third.client.connect();
    third.client.send('at once');

    await deposed();

    expect(first.socket.framesOf('sendMessage')).toMatchObject([{ body: 'at once', chat: 1 }]);
  });

  test('raise a message in each tab', async () => {
    const { first, second } = await openTabs(2, options);
    const said: string[] = [];
    for (const { client } of [first, second]) client.on('message', ({ body }) => said.push(body));

    await first.socket.push(aMessageEvent({ body: 'hi' }));
    await told();

    expect(said).toEqual(['hi', 'hi']);
  });

  test('send what is written in any tab once, in the order of writing', async () => {
    const { first, second } = await openTabs(2, options);

    const one = second.client.send('one');
    expect(shown(second.client)).toEqual(['one (queued)']);
    await told();
    first.client.send('two');
    await accept(first.socket, one);
    await first.socket.push(anEcho(one, { body: 'one' }));
    await told();

    expect(bodiesSent(first)).toEqual(['one', 'two']);
    expect(shown(first.client)).toEqual(['one', 'two (sending)']);
    expect(shown(second.client)).toEqual(shown(first.client));
  });

  test('send what a framework wraps in proxies, as it was when it was handed over', async () => {
    const { first, second } = await openTabs(2, options);
    const attributes: Record<string, unknown> = reactive({ order: reactive({ id: '4711' }) });
    const profile = reactive({ name: 'Grace' });

    for (const { client } of [first, second]) client.send('one', { attributes });
    for (const { client } of [first, second]) client.setProfile(profile);
    attributes['order'] = 'none';
    await told();
    await first.socket.reply('hello', OPEN_CHAT);
    await accept(first.socket, first.socket.framesOf('sendMessage')[0]?.id ?? '');

    const sent = first.socket.framesOf('sendMessage').map((frame) => frame.attributes);
    expect(sent).toEqual([{ order: { id: '4711' } }, { order: { id: '4711' } }]);
    expect(first.socket.framesOf('hello').at(-1)?.profile).toEqual({ name: 'Grace' });
    expect(shown(second.client)).toEqual(['one (sent)', 'one (sending)']);
  });

  describe('introduce the customer', () => {
    const GRACE = { name: 'Grace' };
    const profileIn = (tab: FakeTab) => tab.socket.framesOf('hello').at(-1)?.profile;

    test('who was named before their tab had found out who leads', async () => {
      const browser = new FakeBrowser(options);
      const tab = browser.open({ profile: { name: 'Somebody' } });
      tab.client.connect();

      tab.client.setProfile(GRACE);
      await elected();
      await tab.socket.open();

      expect(profileIn(tab)).toEqual(GRACE);
    });

    test('again when a tab takes over that has only heard the name', async () => {
      const { first, second, third } = await openTabs(3, options);
      second.client.setProfile(GRACE);
      await told();
      await first.socket.reply('hello', OPEN_CHAT);
      await told();

      second.close();
      first.close();
      await elected();
      await third.socket.open();

      expect(profileIn(third)).toEqual(GRACE);
    });

    test('who was named while the leader was frozen', async () => {
      const { first, second, third } = await openTabs(3, options);
      first.freeze();

      second.client.setProfile(GRACE);
      second.freeze();
      await deposed();
      await welcome(third.socket);
      second.thaw();
      await deposed();

      expect(profileIn(third)).toEqual(GRACE);
    });
  });

  test('let any tab end the chat and begin the next', async () => {
    const { first, second } = await openTabs(2, options);

    const ended = second.client.endChat();
    await told();
    await first.socket.reply('endChat', OK);
    await told();
    await ended;
    const begun = second.client.startChat();
    const refusal = expect(begun).rejects.toMatchObject({ code: 'not_supported' });
    await told();
    await first.socket.reply('startChat', { type: 'error', code: 'not_supported', message: '' });
    await told();

    await refusal;
  });

  test('pass the lead on at once when the tab is closed', async () => {
    const { first, second } = await openTabs(2, options);
    await first.socket.push(aMessageEvent({ index: 0 }));
    await told();

    first.close();
    await elected();
    await second.socket.open();

    expect(first.socket.isClosed).toBe(true);
    expect(second.socket.protocols).toContain('token.token-1');
    expect(second.socket.framesOf('hello')[0]?.after).toEqual({ chat: 1, index: 0 });
    expect(shown(second.client)).toEqual(['hello']);
  });

  test('find a tab that crashed within seconds', async () => {
    const { first, second } = await openTabs(2, options);

    first.crash();
    await deposed();

    expect(second.sockets).toHaveLength(1);
  });

  test.each(['crash', 'freeze'] as const)(
    'lose and double nothing when the leader meets a %s while it sends',
    async (fate) => {
      const { first, second, third } = await openTabs(3, options);
      const one = second.client.send('one');
      await told();
      second.client.send('two');
      await told();
      first[fate]();
      third.client.send('three');
      await deposed();

      const successor = [second, third].find(({ sockets }) => sockets.length > 0) ?? second;
      await welcome(successor.socket, aSessionReply({ ...OPEN_CHAT, missed: [anEcho(one)] }));
      for (const sent of successor.socket.framesOf('sendMessage'))
        await accept(successor.socket, sent.id);
      await accept(successor.socket, successor.socket.framesOf('sendMessage').at(-1)?.id ?? '');

      expect(bodiesSent(successor)).toEqual(['two', 'three']);
      expect([...second.sockets, ...third.sockets]).toHaveLength(1);
      expect(shown(second.client)).toEqual(['hello', 'two (sent)', 'three (sent)']);
      expect(shown(third.client)).toEqual(shown(second.client));
    },
  );

  test('does not let a thawed leader bring back what was delivered without it', async () => {
    const { browser, first, second } = await openTabs(2, options);
    const id = first.client.send('one');
    await told();
    first.freeze();
    await deposed();
    await welcome(second.socket, aSessionReply({ ...OPEN_CHAT, missed: [anEcho(id)] }));

    await first.socket.reply('sendMessage', { type: 'accepted', id });
    first.thaw();
    await elected();
    await deposed();

    expect(first.socket.isClosed).toBe(true);
    expect(shown(first.client)).toEqual(['hello']);
    expect(second.socket.framesOf('sendMessage')).toEqual([]);
    const keys = Array.from({ length: browser.storage.length }, (_, n) => browser.storage.key(n));
    expect(keys.filter((key) => key?.includes('outbox'))).toEqual([]);
  });

  test.each([-1, 1])('heed each other though their clocks differ by %i years', async (years) => {
    const browser = new FakeBrowser(options);
    const first = browser.open();
    const second = browser.open({ nowMs: () => Date.now() + years * 365 * 86_400_000 });
    first.client.connect();
    await elected();
    await welcome(first.socket);
    second.client.connect();
    await elected();

    second.client.send('one');
    void second.client.endChat().catch(() => {});
    await told();

    expect(bodiesSent(first)).toEqual(['one']);
    expect(first.socket.framesOf('endChat')).toHaveLength(1);
  });

  test('do not have a thawed leader end a chat that it was asked to end while it slept', async () => {
    const { first, second } = await openTabs(2, options);
    first.freeze();
    const refusal = expect(second.client.endChat()).rejects.toMatchObject({ code: 'unavailable' });
    await deposed();
    await welcome(second.socket);
    await refusal;

    first.thaw();
    await elected();

    expect(first.socket.framesOf('endChat')).toEqual([]);
  });

  test('takes no part any more after a disconnect', async () => {
    const { first, second } = await openTabs(2, options);

    second.client.disconnect();
    await first.socket.push(aMessageEvent());
    await told();

    expect(second.client.state).toMatchObject({ connection: { name: 'offline' }, timeline: [] });
  });

  test('leads again when its page is shown again and no other has taken over', async () => {
    const browser = new FakeBrowser(options);
    const tab = browser.open();
    tab.client.connect();
    await elected();
    await welcome(tab.socket);

    tab.leave();
    expect(tab.socket.isClosed).toBe(true);
    tab.wake();
    await elected();

    expect(tab.sockets).toHaveLength(2);
  });
});

describe('tabs that can not know of each other', () => {
  test('work alone on one session, each with its own outbox', async () => {
    const browser = new FakeBrowser({ hasLocks: false, hasBroadcast: false });
    const [first, second] = [browser.open(), browser.open()];
    first.client.connect();
    first.client.send('one');
    await welcome(first.socket);

    second.client.connect();
    await welcome(second.socket);

    expect(second.socket.protocols).toContain('token.token-1');
    expect(bodiesSent(first)).toEqual(['one']);
    expect(bodiesSent(second)).toEqual([]);
  });
});

describe.each(ELECTIONS)('what tabs that elect by %s show of one chat', (_, options) => {
  const REPLY = aMessageEvent({ index: 0, body: 'hello' });
  const states = (...tabs: FakeTab[]) => tabs.map(({ client }) => client.state);

  test('is said with its direction, and by one of them as the one to make a sound', async () => {
    const { first, second, third } = await openTabs(3, options);
    const said: [string, boolean][] = [];
    for (const { client } of [first, second, third]) {
      client.on('message', ({ direction, once }) => said.push([direction, once]));
    }

    await first.socket.push(REPLY);
    await told();
    await first.socket.push(anEcho('m1', { index: 1 }));
    await told();

    const count = (direction: string, once: boolean) =>
      said.filter(([heading, isFirst]) => heading === direction && isFirst === once).length;
    expect([count('incoming', true), count('incoming', false)]).toEqual([1, 2]);
    expect([count('outgoing', true), count('outgoing', false)]).toEqual([1, 2]);
  });

  test('counts as unread until one of them has marked it, and after a reload too', async () => {
    const { browser, first, second } = await openTabs(2, options);
    await first.socket.push(REPLY);
    await told();
    const before = states(first, second).map(({ unread }) => unread);

    second.client.markRead(0);
    await told();
    const after = states(first, second).map(({ unread, seenUpTo }) => ({ unread, seenUpTo }));
    first.crash();
    second.crash();
    const next = browser.open();
    next.client.connect();
    await elected();
    await welcome(next.socket, aSessionReply({ ...OPEN_CHAT, missed: [REPLY] }));

    expect(before).toEqual([1, 1]);
    const read = { unread: 0, seenUpTo: { chat: 1, index: 0 } };
    expect(after).toEqual([read, read]);
    expect(next.client.state).toMatchObject(read);
  });

  test('keeps each item as the same object until it changes', async () => {
    const { first, second } = await openTabs(2, options);
    await first.socket.push(REPLY);
    await told();
    const before = states(first, second).map(({ timeline }) => timeline[0]);

    await first.socket.push(aMessageEvent({ index: 1, body: 'are you there?' }));
    await told();
    const after = states(first, second).map(({ timeline }) => timeline);

    expect(after.map(({ length }) => length)).toEqual([2, 2]);
    expect(after.map(([item]) => item)).toEqual(before);
    expect(after.map(([item], place) => item === before[place])).toEqual([true, true]);
  });
});
