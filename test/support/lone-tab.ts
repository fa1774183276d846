/** One tab that knows of no others, with the test as the server. Needs Jest's fake timers. */
import type { ChatClient, ChatClientOptions } from '#client/sdk/index';
import { aSessionReply } from './chat-events.ts';
import { FakeBrowser, type FakeBrowserOptions, type FakeTab } from './fake-browser.ts';
import type { FakeSocket } from './fake-socket.ts';

export const OPEN_CHAT = aSessionReply({ chat: { number: 1, state: 'open' } });

/** Answers the handshake and `hello` on a socket. */
export async function welcome(socket: FakeSocket, session = OPEN_CHAT): Promise<void> {
  await socket.open();
  await socket.reply('hello', session);
}

export function loneBrowser(options: FakeBrowserOptions = {}): FakeBrowser {
  return new FakeBrowser({ ...options, hasBroadcast: false, hasLocks: false });
}

/** A tab that is online in an open chat. */
export async function openOnline(
  options: Partial<ChatClientOptions> = {},
  session = OPEN_CHAT,
): Promise<FakeTab> {
  const tab = loneBrowser().open(options);
  tab.client.connect();
  await welcome(tab.socket, session);
  return tab;
}

/** Bodies in the order of the timeline; what is on its way with its state. */
export const shownIn = ({ state }: ChatClient): string[] =>
  state.timeline.flatMap((item) => {
    if (item.kind === 'message') return [item.message.body];
    return item.kind === 'pending' ? [`${item.entry.body} (${item.entry.state})`] : [];
  });
