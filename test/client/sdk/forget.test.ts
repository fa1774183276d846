import { aSessionReply } from '#test/support/chat-events';
import type { FakeTab } from '#test/support/fake-browser';
import { loneBrowser, OPEN_CHAT, shownIn } from '#test/support/lone-tab';
import { memoryStorage } from '#test/support/memory-storage';
import { deposed, ELECTIONS, elected, openTabs, told, welcome } from '#test/support/several-tabs';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const NEXT = aSessionReply({ sessionId: 'session-2', token: 'd.e.f' });

/** Everything but the name of the session that is forgotten. */
const leftIn = (storage: ReturnType<typeof memoryStorage>): string[] =>
  Array.from({ length: storage.length }, (_, place) => storage.key(place) ?? '').filter(
    (key) => !key.endsWith(':forgotten'),
  );

async function aLoneTab() {
  const storage = memoryStorage();
  const browser = loneBrowser({ storage });
  const tab = browser.open({ profile: { name: 'Grace' } });
  tab.client.connect();
  await welcome(tab.socket, OPEN_CHAT);
  return { browser, storage, tab };
}

describe('forget', () => {
  test('leaves nothing shown and nothing stored', async () => {
    const { storage, tab } = await aLoneTab();
    tab.client.send('hello');

    tab.client.forget();

    expect(leftIn(storage)).toEqual([]);
    expect(tab.client.state).toMatchObject({ connection: { name: 'offline' }, timeline: [] });
    expect(tab.client.state.chat).toBeUndefined();
    expect(tab.socket.isClosed).toBe(true);
  });

  test('raises no event that shows the forgotten chat', async () => {
    const { tab } = await aLoneTab();
    const replaced = jest.fn();
    tab.client.on('replaced', replaced);

    tab.client.forget();

    expect(replaced).not.toHaveBeenCalled();
  });

  test('lets the next visitor begin afresh, without the former one’s token and profile', async () => {
    const { tab } = await aLoneTab();
    tab.client.send('hello');
    tab.client.forget();

    tab.client.connect();
    await welcome(tab.socket, NEXT);

    expect(tab.socket.protocols).toEqual(['flex-channel.v1']);
    expect(tab.socket.framesOf('hello')).toEqual([{ action: 'hello', latest: true, ref: '1' }]);
    expect(tab.socket.framesOf('sendMessage')).toEqual([]);
  });

  test('does not come back when the page does', async () => {
    const { tab, storage } = await aLoneTab();
    tab.client.forget();

    tab.wake();
    await told();

    expect(tab.sockets).toHaveLength(1);
    expect(leftIn(storage)).toEqual([]);
  });

  test('forgets what an earlier page has stored before this one connects', async () => {
    const { browser, storage, tab } = await aLoneTab();
    tab.client.send('hello');
    tab.close();

    browser.open({ tabId: 't1' }).client.forget();

    expect(leftIn(storage)).toEqual([]);
  });

  test('refuses the calls that were under way', async () => {
    const { tab } = await aLoneTab();
    const started = tab.client.startChat();

    tab.client.forget();

    await expect(started).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe.each(ELECTIONS)('forget among tabs that elect by %s', (_, options) => {
  const gone = (tab: FakeTab) =>
    expect([shownIn(tab.client), tab.client.state.connection.name]).toEqual([[], 'offline']);

  test.each(['first', 'second'] as const)('reaches all of them from the %s', async (from) => {
    const storage = memoryStorage();
    const tabs = await openTabs(3, { ...options, storage });
    tabs.third.client.send('hello');
    await told();

    tabs[from].client.forget();
    await elected();

    for (const tab of [tabs.first, tabs.second, tabs.third]) gone(tab);
    expect(leftIn(storage)).toEqual([]);
  });

  test('reaches them from a tab that has not connected', async () => {
    const storage = memoryStorage();
    const { browser, first, second } = await openTabs(2, { ...options, storage });

    browser.open().client.forget();
    await elected();

    gone(first);
    gone(second);
    expect(leftIn(storage)).toEqual([]);
  });

  test('reaches a frozen tab once it thaws', async () => {
    const storage = memoryStorage();
    const { first, second } = await openTabs(2, { ...options, storage });
    first.freeze();

    second.client.forget();
    await elected();
    first.thaw();
    await elected();

    gone(first);
    expect(leftIn(storage)).toEqual([]);
  });

  test('is not undone by a page that was away meanwhile', async () => {
    const { first, second } = await openTabs(2, options);
    second.leave();

    first.client.forget();
    await elected();
    second.wake();
    await elected();

    expect(second.socket.protocols).toEqual(['flex-channel.v1']);
  });

  test('leaves a later session alone', async () => {
    const { first, second } = await openTabs(2, options);
    second.freeze();
    first.client.forget();
    first.client.connect();
    await deposed();
    await welcome(first.socket, NEXT);

    second.thaw();
    await elected();

    expect(first.client.state.connection.name).toBe('online');
  });
});
