import { type ChatClient, createChatClient } from '#client/sdk/chat-client';
import type { ChatSocket } from '#client/sdk/environment';
import type { EventOf } from '#protocol/events';
import type { ApiGateway } from './gateway.ts';
import { type Page, Shared } from './shared.ts';
import { SocketWrapper } from './socket-wrapper.ts';
import type { World } from './world.ts';

/** Lies between the SDK and the network. */
export type SocketFilter = (socket: ChatSocket, world: World) => ChatSocket;

/** One tab from its opening to its end; a reload is another one with the same id. */
export class Tab implements Page {
  readonly client: ChatClient;
  readonly name: string;
  readonly tabId: string;
  isAlive = true;
  /** What came in while the tab was asleep. */
  #missed: (() => void)[] | undefined;
  readonly #wakers = new Set<() => void>();
  readonly #leavers = new Set<() => void>();
  /** Replies that told of the session, oldest first. */
  readonly welcomes: EventOf<'session'>[] = [];

  constructor(browser: Browser, name: string, tabId: string) {
    this.name = name;
    this.tabId = tabId;
    const { world, shared } = browser;
    const options = {
      url: 'wss://socket.example.com/live',
      createSocket: (_: string, protocols: string[]) => browser.open(this, protocols),
      timers: {
        after: (delayMs: number, callback: () => void) =>
          world.scheduler.after(delayMs, () => this.run(callback)),
      },
      storage: shared.storage,
      random: world.random.next,
      nowMs: () => world.scheduler.nowMs,
      newId: () => browser.newId(),
      tabId,
      broadcast: (channel: string, onMessage: (data: unknown) => void) =>
        shared.broadcast(this, channel, onMessage),
      locks: shared.locksOf(this),
      wake: subscribeTo(this.#wakers),
      leave: subscribeTo(this.#leavers),
      isVisible: () => this.#missed === undefined,
    };
    this.client = createChatClient(options);
    this.client.connect();
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
    this.#missed ??= [];
  }

  /** The page or its network is back. */
  wake(): void {
    const missed = this.#missed ?? [];
    this.#missed = undefined;
    for (const callback of missed) this.run(callback);
    for (const wake of this.#wakers) this.run(wake);
  }

  /** @param isOrderly false: the process is gone without a word. */
  end(isOrderly: boolean): void {
    if (isOrderly) for (const leave of this.#leavers) this.run(leave);
    this.isAlive = false;
  }
}

const subscribeTo =
  (callbacks: Set<() => void>) =>
  (run: () => void): (() => void) => {
    callbacks.add(run);
    return () => void callbacks.delete(run);
  };

/** One customer's browser: its tabs share storage, locks, broadcast and the network. */
export class Browser {
  readonly world: World;
  readonly name: string;
  readonly shared: Shared;
  readonly tabs: Tab[] = [];
  readonly #gateway: ApiGateway;
  readonly #filter: SocketFilter | undefined;
  readonly #sockets = new Map<ChatSocket, Tab>();
  #isOnline = true;
  #serial = 0;

  constructor(world: World, name: string, gateway: ApiGateway, filter?: SocketFilter) {
    this.world = world;
    this.name = name;
    this.#gateway = gateway;
    this.#filter = filter;
    this.shared = new Shared(world);
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
    this.world.trace.add(name, tabId ? 'is loaded anew' : 'is opened');
    const tab = new Tab(this, name, tabId ?? name);
    this.tabs.push(tab);
    return tab;
  }

  /** Closed, crashed or left for a reload; its connections end with it. */
  endTab(tab: Tab, isOrderly: boolean): void {
    this.world.trace.add(tab.name, isOrderly ? 'is left' : 'crashes');
    tab.end(isOrderly);
    this.shared.leave(tab);
    for (const [socket, owner] of this.#sockets) {
      if (owner === tab) socket.close();
    }
  }

  open(tab: Tab, protocols: string[]): ChatSocket {
    const link = this.#gateway.open(tab.name, protocols, this.#isOnline);
    this.#sockets.set(link, tab);
    const heard = new HeardByTab(link, tab);
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

  /** The machine sleeps: no timer runs, and its connections die unheard. */
  sleep(): void {
    for (const tab of this.liveTabs) tab.sleep();
    this.goOffline();
  }

  wake(): void {
    this.#isOnline = true;
    this.world.trace.add(this.name, 'wakes up');
    for (const tab of this.liveTabs) tab.wake();
  }
}

/** How a reply that tells of the session begins. */
const WELCOME = '{"type":"session"';

/** A socket whose callbacks come to a tab that may sleep or be gone. */
class HeardByTab extends SocketWrapper {
  readonly #tab: Tab;

  constructor(link: ChatSocket, tab: Tab) {
    super(link);
    this.#tab = tab;
  }

  protected override opened(): void {
    this.#tab.run(() => super.opened());
  }

  protected override receive(text: string): void {
    this.#tab.run(() => {
      if (this.onmessage && text.startsWith(WELCOME)) this.#tab.welcomes.push(JSON.parse(text));
      super.receive(text);
    });
  }

  protected override closed(): void {
    this.#tab.run(() => super.closed());
  }
}
