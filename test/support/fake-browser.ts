/** Tabs of one browser for the SDK, with Jest's fake timers as the clock and the test as the server. */
import {
  type ChatClient,
  type ChatClientOptions,
  createChatClient,
  type Environment,
  type KeyValueStorage,
  type Locks,
} from '#client/sdk/index';
import { FakeSocket } from './fake-socket.ts';
import { memoryStorage } from './memory-storage.ts';

const URL = 'wss://chat.example/live';

export interface FakeBrowserOptions {
  readonly hasLocks?: boolean;
  /** Locks are there, and each request for one is refused, as in a sandboxed frame. */
  readonly refusesLocks?: boolean;
  readonly hasBroadcast?: boolean;
  readonly storage?: KeyValueStorage;
}

export class FakeBrowser {
  readonly storage: KeyValueStorage;
  /** No channel is opened and no lock granted any more. */
  isForbidden = false;
  readonly #locks = new FakeLocks();
  readonly #ports = new Set<Port>();
  readonly #options: FakeBrowserOptions;
  #opened = 0;

  constructor(options: FakeBrowserOptions = {}) {
    this.#options = options;
    this.storage = options.storage ?? memoryStorage();
  }

  open(options: Partial<ChatClientOptions> = {}): FakeTab {
    this.#opened += 1;
    const { hasLocks = true, hasBroadcast = true } = this.#options;
    return new FakeTab(`t${this.#opened}`, options, (tab) => ({
      storage: this.storage,
      ...(hasLocks && { locks: this.#locksOf(tab) }),
      ...(hasBroadcast && { broadcast: this.#broadcast(tab) }),
    }));
  }

  /** Takes part in what the tabs say to each other, as a tab of another version may. */
  overhear(onMessage: (data: unknown) => void) {
    const name = `flex-channel:1:${URL}`;
    return this.#broadcast({
      isGone: false,
      isDeaf: false,
      later: (ms, run) => setTimeout(run, ms),
    })(name, onMessage);
  }

  #locksOf(tab: FakeTab): Locks {
    const locks = this.#locks.of(tab);
    return {
      request: (name, options, handlers) =>
        this.isForbidden || this.#options.refusesLocks
          ? tab.later(0, handlers.refused)
          : locks.request(name, options, handlers),
    };
  }

  #broadcast(
    tab: Pick<FakeTab, 'isGone' | 'isDeaf'> & Later,
  ): NonNullable<Environment['broadcast']> {
    return (name, onMessage) => {
      if (this.isForbidden) throw new Error('SecurityError');
      const own: Port = {
        name,
        hear: (data) => void (tab.isDeaf || tab.later(0, () => onMessage(data))),
      };
      this.#ports.add(own);
      return {
        post: (data) => {
          for (const port of tab.isGone ? [] : this.#ports) {
            if (port !== own && port.name === name) port.hear(structuredClone(data));
          }
        },
        close: () => void this.#ports.delete(own),
      };
    };
  }
}

interface Later {
  later(delayMs: number, run: () => void): unknown;
}

interface Port {
  readonly name: string;
  readonly hear: (data: unknown) => void;
}

/** One page with its client. A frozen page runs nothing until it thaws, a crashed one nothing any more. */
export class FakeTab {
  readonly client: ChatClient;
  readonly sockets: FakeSocket[] = [];
  isGone = false;
  isVisible = true;
  /** Nothing that other tabs say reaches it. */
  isDeaf = false;
  #isFrozen = false;
  readonly #missed: (() => void)[] = [];
  readonly #wakes = new Set<() => void>();
  readonly #leaves = new Set<() => void>();
  readonly #onGone = new Set<() => void>();

  constructor(
    name: string,
    options: Partial<ChatClientOptions>,
    shared: (tab: FakeTab) => Partial<Environment>,
  ) {
    let ids = 0;
    this.client = createChatClient({
      url: URL,
      tabId: name,
      random: () => 0.5,
      nowMs: () => Date.now(),
      newId: () => {
        ids += 1;
        return `${name}-${ids}`;
      },
      timers: { after: (delayMs, callback) => this.later(delayMs, callback) },
      createSocket: (_url, protocols) => {
        const socket = new FakeSocket(protocols);
        this.sockets.push(socket);
        return socket;
      },
      wake: (run) => subscribe(this.#wakes, run),
      leave: (run) => subscribe(this.#leaves, run),
      isVisible: () => this.isVisible,
      ...shared(this),
      ...options,
    });
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('the tab has opened no socket');
    return socket;
  }

  later(delayMs: number, callback: () => void): () => void {
    let isCancelled = false;
    const run = () => {
      if (isCancelled || this.isGone) return;
      if (this.#isFrozen) this.#missed.push(run);
      else callback();
    };
    const timer = setTimeout(run, delayMs);
    return () => {
      isCancelled = true;
      clearTimeout(timer);
    };
  }

  onGone(run: () => void): void {
    this.#onGone.add(run);
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const run of this.#missed.splice(0)) run();
  }

  /** Ends without a farewell; the browser frees its locks. */
  crash(): void {
    this.isGone = true;
    for (const run of this.#onGone) run();
  }

  /** As when the tab is closed, or another page opened in it. */
  close(): void {
    for (const run of this.#leaves) run();
    this.crash();
  }

  leave(): void {
    for (const run of this.#leaves) run();
  }

  wake(): void {
    for (const run of this.#wakes) run();
  }
}

interface Waiter {
  readonly name: string;
  readonly granted: () => void;
  readonly lost: () => void;
}

class FakeLocks {
  readonly #held = new Map<string, Waiter>();
  #queue: Waiter[] = [];

  of(tab: FakeTab): Locks {
    return {
      request: (name, { steal }, { granted, lost }) => {
        const waiter: Waiter = {
          name,
          granted: () => tab.later(0, granted),
          lost: () => tab.later(0, lost),
        };
        const release = () => this.#release(waiter);
        tab.onGone(release);
        if (steal) this.#steal(waiter);
        else this.#queue.push(waiter);
        this.#grantNext(name);
        return release;
      },
    };
  }

  #steal(waiter: Waiter): void {
    this.#held.get(waiter.name)?.lost();
    this.#held.set(waiter.name, waiter);
    waiter.granted();
  }

  #release(waiter: Waiter): void {
    this.#queue = this.#queue.filter((other) => other !== waiter);
    if (this.#held.get(waiter.name) !== waiter) return;
    this.#held.delete(waiter.name);
    this.#grantNext(waiter.name);
  }

  #grantNext(name: string): void {
    const next = this.#queue.find((waiter) => waiter.name === name);
    if (next === undefined || this.#held.has(name)) return;
    this.#queue = this.#queue.filter((other) => other !== next);
    this.#held.set(name, next);
    next.granted();
  }
}

function subscribe(listeners: Set<() => void>, run: () => void): () => void {
  listeners.add(run);
  return () => void listeners.delete(run);
}
