/** What a browser gives to a page: the SDK makes its environment of it. */
import type { PageGlobals } from '#client/sdk/platform/browser-page';
import type { KeyValueStorage, LockHandlers } from '#client/sdk/platform/environment';

/** A tab, to what runs in it. */
export interface Page {
  readonly isAlive: boolean;
  readonly isAsleep: boolean;
  /** Runs something in the tab: now, on waking up, or never. */
  run(callback: () => void): void;
}

/** What all pages of a browser share, each part as the browser allows it just now. */
export interface Shareable {
  readonly localStorage: KeyValueStorage;
  sessionStorage(tabId: string): KeyValueStorage;
  /** @throws where it is forbidden. */
  broadcast(
    page: Page,
    channel: string,
    onMessage: (data: unknown) => void,
  ): { post(data: unknown): void; close(): void };
  /** @returns gives it back. */
  requestLock(page: Page, name: string, steal: boolean, handlers: LockHandlers): () => void;
}

type WebLocks = NonNullable<PageGlobals['navigator']['locks']>;

/** A window or document. */
class Events {
  readonly #listeners = new Map<string, Set<() => void>>();

  addEventListener(event: string, listener: () => void): void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  removeEventListener(event: string, listener: () => void): void {
    this.#listeners.get(event)?.delete(listener);
  }

  emit(event: string): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }
}

export interface WindowOptions {
  readonly tabId: string;
  readonly hasBroadcast: boolean;
  readonly hasLocks: boolean;
}

export class Window extends Events implements PageGlobals {
  readonly document: Events & { readonly visibilityState: string };
  readonly navigator: PageGlobals['navigator'];
  readonly #shared: Shareable;
  readonly #options: WindowOptions;
  readonly BroadcastChannel?: NonNullable<PageGlobals['BroadcastChannel']>;

  constructor(page: Page, shared: Shareable, options: WindowOptions) {
    super();
    this.#shared = shared;
    this.#options = options;
    this.document = Object.defineProperty(new Events(), 'visibilityState', {
      get: () => (page.isAsleep ? 'hidden' : 'visible'),
    }) as Window['document'];
    this.navigator = options.hasLocks ? { locks: locksOf(page, shared) } : {};
    if (options.hasBroadcast) this.BroadcastChannel = channelsOf(page, shared);
  }

  get localStorage(): KeyValueStorage {
    return this.#shared.localStorage;
  }

  get sessionStorage(): KeyValueStorage {
    return this.#shared.sessionStorage(this.#options.tabId);
  }
}

function channelsOf(page: Page, shared: Shareable): NonNullable<PageGlobals['BroadcastChannel']> {
  return class {
    onmessage: ((event: { readonly data: unknown }) => void) | null = null;
    readonly #port: ReturnType<Shareable['broadcast']>;

    constructor(name: string) {
      this.#port = shared.broadcast(page, name, (data) => this.onmessage?.({ data }));
    }

    postMessage(data: unknown): void {
      this.#port.post(data);
    }

    close(): void {
      this.#port.close();
    }
  };
}

function locksOf(page: Page, shared: Shareable): WebLocks {
  return {
    request: (name, options, hold) =>
      new Promise<void>((resolve, reject) => {
        const release = shared.requestLock(page, name, 'steal' in options, {
          granted: () => {
            void hold().then(() => {
              release();
              resolve();
            });
          },
          lost: () => reject(errorOf('AbortError')),
          refused: () => reject(errorOf('SecurityError')),
        });
        if ('steal' in options) return;
        options.signal.addEventListener('abort', () => {
          release();
          reject(errorOf('AbortError'));
        });
      }),
  };
}

/** As browsers name what they throw. */
export function errorOf(name: string): Error {
  return Object.assign(new Error(name), { name });
}
