import { type ChatClient, createChatClient } from '#client/sdk/chat-client';
import type { ChatSocket } from '#client/sdk/environment';
import type { EventOf, ServerEvent } from '#protocol/events';
import type { ApiGateway } from './gateway.ts';
import { type Page, Shared } from './shared.ts';
import { SocketWrapper } from './socket-wrapper.ts';
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
export class Tab implements Page {
  readonly client: ChatClient;
  readonly name: string;
  readonly tabId: string;
  isAlive = true;
  readonly #browser: Browser;
  #sessionId: string | undefined;
  readonly #links = new Set<ChatSocket>();
  /** What came in while the tab was asleep. */
  #missed: (() => void)[] | undefined;
  readonly #wakers = new Set<() => void>();
  readonly #leavers = new Set<() => void>();

  constructor(browser: Browser, name: string, tabId: string) {
    this.name = name;
    this.tabId = tabId;
    this.#browser = browser;
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
      ...(browser.talk === 'alone'
        ? {}
        : {
            broadcast: (channel: string, onMessage: (data: unknown) => void) =>
              shared.broadcast(this, channel, onMessage),
          }),
      ...(browser.talk === 'locks' && { locks: shared.locksOf(this) }),
      wake: subscribeTo(this.#wakers),
      leave: subscribeTo(this.#leavers),
      isVisible: () => this.#missed === undefined,
    };
    this.client = createChatClient(options);
    this.client.connect();
  }

  /** What it can know: tabs that talk to each other share what the connected one knows. */
  get view(): View | undefined {
    const isAlone = this.#browser.talk === 'alone';
    const tab = isAlone ? this : this.#browser.liveTabs.find((other) => other.isConnected);
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
    return this.#links.size > 0;
  }

  connected(link: ChatSocket): void {
    this.#links.add(link);
  }

  disconnected(link: ChatSocket): void {
    this.#links.delete(link);
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
  /** What its tabs have to agree on who talks to the server. */
  readonly talk: 'locks' | 'broadcast' | 'alone';
  /** By session, the chat that its transcript begins with. */
  readonly firstChats = new Map<string, number>();
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

/** A socket whose callbacks come to a tab that may sleep or be gone. */
class HeardByTab extends SocketWrapper {
  readonly #tab: Tab;
  /** Of each frame that waits for a reply, whether it carried a cursor. */
  readonly #cursors = new Map<string, boolean>();

  constructor(link: ChatSocket, tab: Tab) {
    super(link);
    this.#tab = tab;
  }

  override send(text: string): void {
    const frame = JSON.parse(text) as { action: string; ref: string; after?: unknown };
    this.#cursors.set(frame.ref, frame.action !== 'hello' || frame.after !== undefined);
    super.send(text);
  }

  override close(): void {
    this.#tab.disconnected(this);
    super.close();
  }

  protected override opened(): void {
    this.#tab.run(() => {
      this.#tab.connected(this);
      super.opened();
    });
  }

  protected override receive(text: string): void {
    this.#tab.run(() => {
      const event = JSON.parse(text) as ServerEvent;
      if (this.onmessage && event.type === 'session') {
        this.#tab.welcomed(event, this.#cursors.get(event.ref ?? '') ?? true);
      }
      super.receive(text);
    });
  }

  protected override closed(): void {
    this.#tab.run(() => {
      this.#tab.disconnected(this);
      super.closed();
    });
  }
}
