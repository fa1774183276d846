import { type ChatClient, createChatClient } from '#client/sdk/chat-client';
import type { ChatClientState } from '#client/sdk/chat-client-state';
import { pageEnvironment, storageOf } from '#client/sdk/platform/browser-page';
import type { ChatSocket } from '#client/sdk/platform/environment';
import type { EventOf } from '#protocol/events';
import type { ApiGateway } from './gateway.ts';
import { HeardByTab, type Hearer } from './heard-by-tab.ts';
import { type Page, Window } from './page.ts';
import { Shared } from './shared.ts';
import { WallClock } from './wall-clock.ts';
import type { World } from './world.ts';

/** Lies between the SDK and the network. */
export type SocketFilter = (socket: ChatSocket, world: World) => ChatSocket;

/** What a tab can know. */
export interface View {
  readonly sessionId: string;
  /** Its transcript goes from this chat to that. */
  readonly firstChat: number;
  readonly lastChat: number;
}

/** One tab from its opening to its end; a reload is another one with the same id. */
export class Tab implements Page, Hearer {
  readonly client: ChatClient;
  readonly name: string;
  readonly tabId: string;
  isAlive = true;
  readonly clock: WallClock;
  readonly #browser: Browser;
  #sessionId: string | undefined;
  readonly #connections = new Set<ChatSocket>();
  /** What came in while the tab was asleep. */
  #missed: (() => void)[] | undefined;
  readonly #window: Window;
  /** It knows of no others. */
  readonly #isAlone: boolean;

  constructor(browser: Browser, name: string, tabId: string) {
    this.name = name;
    this.tabId = tabId;
    this.#browser = browser;
    const { world, shared, talk } = browser;
    this.clock = new WallClock(world);
    this.#window = new Window(this, shared, {
      tabId,
      hasBroadcast: talk !== 'alone',
      hasLocks: talk === 'locks',
    });
    const newId = () => browser.newId();
    const storage = storageOf(this.#window, 'localStorage');
    const page = pageEnvironment(this.#window, newId);
    this.#isAlone = page.broadcast === undefined;
    this.client = createChatClient({
      url: 'wss://socket.example.com/live',
      createSocket: (_, protocols) => browser.open(this, protocols),
      timers: {
        after: (delayMs, callback) => world.scheduler.after(delayMs, () => this.run(callback)),
      },
      random: world.random.next,
      nowMs: this.clock.nowMs,
      newId,
      ...page,
      ...(storage && { storage }),
    });
    this.client.on('problem', ({ code }) => world.reached.add(`client problem ${code}`));
    this.client.on('change', (state) => {
      for (const name of namesOf(state)) world.reached.add(name);
    });
    this.client.connect();
  }

  /** What it can know: tabs that talk to each other share what the connected one knows. */
  get view(): View | undefined {
    const isAlone = this.#isAlone;
    const { liveTabs, shared } = this.#browser;
    const leader = liveTabs.find((other) => other.isConnected && shared.reaches(other));
    const tab = isAlone || this.isConnected ? this : leader;
    const sessionId = tab === undefined ? undefined : tab.#sessionId;
    if (sessionId === undefined) return undefined;
    const firstChat = this.#browser.firstChats.get(sessionId) ?? 1;
    return { sessionId, firstChat, lastChat: isAlone ? this.#lastChat : Number.POSITIVE_INFINITY };
  }

  /** Nothing is asked before or after a chat: a tab on its own may miss that another began the next. */
  get #lastChat(): number {
    const { number = 0, state } = this.client.state.chat ?? {};
    if (state === 'open') return Number.POSITIVE_INFINITY;
    return state === 'ended' ? number : number - 1;
  }

  get isConnected(): boolean {
    return this.#connections.size > 0;
  }

  connected(socket: ChatSocket): void {
    this.#connections.add(socket);
  }

  disconnected(socket: ChatSocket): void {
    this.#connections.delete(socket);
  }

  /** A reply that tells of the session. Asked without a cursor, it begins with the current chat. */
  welcomed({ sessionId, chat }: EventOf<'session'>, hasCursor: boolean): void {
    this.#sessionId = sessionId;
    if (!hasCursor) this.#browser.firstChats.set(sessionId, chat.number);
  }

  get isAsleep(): boolean {
    return this.#missed !== undefined;
  }

  /** Runs something in the tab: now, on waking up, or never. */
  run(callback: () => void): void {
    if (!this.isAlive) return;
    if (this.#missed) this.#missed.push(callback);
    else callback();
  }

  sleep(): void {
    this.#browser.wasInterrupted = true;
    this.#missed ??= [];
  }

  /** The page or its network is back. */
  wake(): void {
    const missed = this.#missed ?? [];
    this.#missed = undefined;
    for (const callback of missed) this.run(callback);
    this.run(() => this.#window.emit('online'));
  }

  /** Left for another page, and perhaps shown again. */
  leave(): void {
    this.run(() => this.#window.emit('pagehide'));
  }

  /** @param isOrderly false: the process is gone without a word. */
  end(isOrderly: boolean): void {
    if (isOrderly) this.leave();
    this.isAlive = false;
  }
}

/** What a client is in, and its messages are. */
function namesOf({
  connection,
  chat,
  hasEarlier,
  timeline,
  persistent,
}: ChatClientState): string[] {
  const pending = timeline.flatMap((item) => (item.kind === 'pending' ? [item.entry.state] : []));
  const isRead = timeline.some((item) => item.kind === 'message' && item.readByAgent);
  return [
    `client ${connection.name}`,
    `client chat ${chat?.state ?? 'unknown'}`,
    `client ${persistent ? 'keeps' : 'can not keep'} what is pending`,
    ...pending.map((state) => `client message ${state}`),
    ...(isRead ? ['client message read'] : []),
    ...(hasEarlier ? ['client knows of earlier messages'] : []),
  ];
}

/** One customer's browser: its tabs share storage, locks, broadcast and the network. */
export class Browser {
  readonly world: World;
  readonly name: string;
  readonly shared: Shared;
  readonly tabs: Tab[] = [];
  readonly #gateway: ApiGateway;
  readonly #filter: SocketFilter | undefined;
  readonly #sockets = new Map<ChatSocket, Tab>();
  /** What its tabs have to agree on who talks to the server. */
  readonly talk: 'locks' | 'broadcast' | 'alone';
  /** By session, the chat that its transcript begins with. */
  readonly firstChats = new Map<string, number>();
  /** Whether something of it was not there for a while, or is gone. */
  wasInterrupted = false;
  #isOnline = true;
  #isAsleep = false;
  #serial = 0;

  constructor(world: World, name: string, gateway: ApiGateway, filter?: SocketFilter) {
    this.world = world;
    this.name = name;
    this.#gateway = gateway;
    this.#filter = filter;
    this.shared = new Shared(world);
    this.talk = world.random.pick(['locks', 'locks', 'broadcast', 'alone'] as const) ?? 'locks';
    if (world.weather.strikes('sharingNeverAllowed')) {
      world.trace.add(name, 'allows no sharing');
      this.shared.forbidAllForEver();
    }
  }

  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  get liveTabs(): Tab[] {
    return this.tabs.filter(({ isAlive }) => isAlive);
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  newId(): string {
    this.#serial += 1;
    return `${this.name}-${this.#serial}`;
  }

  /** @param tabId that of the tab which is loaded anew. */
  openTab(tabId?: string): Tab {
    const name = `${this.name}.${this.tabs.length + 1}`;
    const how = tabId === undefined ? 'is opened' : `loads ${tabId} anew`;
    this.world.trace.add(name, `${how}, ${this.talk}`);
    const tab = new Tab(this, name, tabId ?? name);
    this.tabs.push(tab);
    return tab;
  }

  /** Closed, crashed or left for a reload; its connections end with it. */
  endTab(tab: Tab, isOrderly: boolean): void {
    this.world.trace.add(tab.name, isOrderly ? 'is left' : 'crashes');
    this.wasInterrupted = true;
    tab.end(isOrderly);
    this.shared.leave(tab);
    for (const [socket, owner] of this.#sockets) {
      if (owner === tab) socket.close();
    }
  }

  open(tab: Tab, protocols: string[]): ChatSocket {
    const socket = this.#gateway.open(tab.name, protocols, this.#isOnline);
    this.#sockets.set(socket, tab);
    const heard = new HeardByTab(socket, tab);
    return this.#filter ? this.#filter(heard, this.world) : heard;
  }

  goOffline(): void {
    this.#isOnline = false;
    this.world.trace.add(this.name, 'goes offline');
    for (const socket of this.#sockets.keys()) this.#gateway.cut(socket);
  }

  goOnline(): void {
    this.#isOnline = true;
    this.world.trace.add(this.name, 'is online');
    for (const tab of this.liveTabs) if (!tab.isAsleep) tab.wake();
  }

  /** The machine sleeps: no timer runs, and its connections die without a word. */
  sleep(): void {
    this.#isAsleep = true;
    for (const tab of this.liveTabs) tab.sleep();
    this.goOffline();
  }

  wake(): void {
    this.#isAsleep = false;
    this.#isOnline = true;
    this.world.trace.add(this.name, 'wakes up');
    for (const tab of this.liveTabs) tab.wake();
  }
}
