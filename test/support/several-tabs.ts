/** Tabs of one browser that share a session, with the test as the server. Needs Jest's fake timers. */
import type { ChatClientOptions, KeyValueStorage } from '#client/sdk/index';
import { FakeBrowser, type FakeBrowserOptions, type FakeTab } from './fake-browser.ts';
import type { FakeSocket } from './fake-socket.ts';
import { OPEN_CHAT, welcome as welcomeOne } from './lone-tab.ts';
import { memoryStorage } from './memory-storage.ts';

/** How tabs elect a leader: the name and the browser for each way. */
export const ELECTIONS: readonly [string, FakeBrowserOptions][] = [
  ['locks', { hasLocks: true }],
  ['broadcasts alone', { hasLocks: false }],
  ['broadcasts because locks are refused', { refusesLocks: true }],
];

/** Long enough for an election among tabs that are all alive. */
export const elected = () => jest.advanceTimersByTimeAsync(600);
/** Long enough to find out that a leader is frozen. */
export const deposed = () => jest.advanceTimersByTimeAsync(6_000);
/** Long enough for what tabs tell each other. */
export const told = () => jest.advanceTimersByTimeAsync(20);

export async function welcome(socket: FakeSocket, session = OPEN_CHAT): Promise<void> {
  await welcomeOne(socket, session);
  await told();
}

export async function accept(socket: FakeSocket, id: string): Promise<void> {
  await socket.reply('sendMessage', { type: 'accepted', id });
  await told();
}

export const bodiesSent = (tab: FakeTab): string[] =>
  tab.socket.framesOf('sendMessage').map(({ body }) => body);

/** The first tab leads and is online, the others follow. */
export async function openTabs(
  count: number,
  options: FakeBrowserOptions,
  clientOptions: Partial<ChatClientOptions> = {},
  session = OPEN_CHAT,
) {
  const browser = new FakeBrowser(options);
  const first = browser.open(clientOptions);
  first.client.connect();
  await elected();
  await welcome(first.socket, session);
  const others = Array.from({ length: count - 1 }, () => browser.open(clientOptions));
  for (const tab of others) {
    tab.client.connect();
    await elected();
  }
  const [second, third] = others;
  if (second === undefined) throw new Error('at least two tabs');
  return { browser, first, second, third: third ?? second };
}

const FORBIDDEN = () => {
  throw new Error('SecurityError');
};
/** Where the visitor forbids it. */
export const NO_STORAGE: KeyValueStorage = {
  length: 0,
  key: FORBIDDEN,
  getItem: FORBIDDEN,
  setItem: FORBIDDEN,
  removeItem: FORBIDDEN,
};

/** As a full `localStorage`: what is there can be written anew, and nothing else. */
export function fullWithoutRoom(): KeyValueStorage & { isFull: boolean } {
  const storage = memoryStorage();
  const fill = {
    isFull: false,
    setItem(key: string, value: string) {
      if (fill.isFull && storage.getItem(key) === null) throw new Error('QuotaExceededError');
      storage.setItem(key, value);
    },
  };
  return Object.setPrototypeOf(fill, storage);
}
