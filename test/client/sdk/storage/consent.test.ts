import { createChatClient } from '#client/sdk/index';
import { type PageGlobals, pageEnvironment } from '#client/sdk/platform/browser-page';
import { FakeSocket } from '#test/support/fake-socket';
import { loneBrowser, shownIn, welcome } from '#test/support/lone-tab';
import { memoryStorage } from '#test/support/memory-storage';
import { elected, openTabs, told } from '#test/support/several-tabs';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const NOBODY = { addEventListener: () => {}, removeEventListener: () => {} };

describe('a page whose visitor has not consented yet', () => {
  test('stores nothing before it connects, whatever it is told', () => {
    const storage = memoryStorage();
    const { client } = loneBrowser({ storage }).open();

    client.setProfile({ name: 'Grace' });
    client.send('hello');
    client.disconnect();

    expect(storage.length).toBe(0);
    expect(shownIn(client)).toEqual(['hello (queued)']);
  });

  test('gets no name for its tab, either', () => {
    const page: PageGlobals = {
      ...NOBODY,
      document: { ...NOBODY, visibilityState: 'visible' },
      navigator: {},
      localStorage: memoryStorage(),
      sessionStorage: memoryStorage(),
    };

    const client = createChatClient({
      url: 'wss://chat.example/live',
      ...pageEnvironment(page, () => 'id'),
      createSocket: (_url, protocols) => new FakeSocket(protocols),
      storage: page.localStorage,
    });
    client.send('hello');
    const before = page.sessionStorage.length;
    client.connect();

    expect([before, page.sessionStorage.length]).toEqual([0, 1]);
    client.disconnect();
  });

  test('keeps what it has written so far as soon as it connects', async () => {
    const storage = memoryStorage();
    const tab = loneBrowser({ storage }).open();
    tab.client.send('hello');

    tab.client.connect();
    tab.crash();
    const next = loneBrowser({ storage }).open();
    next.client.connect();
    await welcome(next.socket);

    expect(next.socket.framesOf('sendMessage').map(({ body }) => body)).toEqual(['hello']);
  });

  test('hands what it has written so far to the tab that leads', async () => {
    const { browser, first } = await openTabs(2, {});
    const third = browser.open();
    third.client.send('hello');

    third.client.connect();
    await elected();
    await told();

    expect(first.socket.framesOf('sendMessage').map(({ body }) => body)).toEqual(['hello']);
  });

  test('stores nothing again after it has forgotten the session', async () => {
    const storage = memoryStorage();
    const tab = loneBrowser({ storage }).open();
    tab.client.connect();
    await welcome(tab.socket);
    tab.client.forget();
    const left = storage.length;

    tab.client.send('hello');

    expect(storage.length).toBe(left);
  });
});
