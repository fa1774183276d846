/** What only a browser's page brings: tabs that know of each other, and signs of life. */
import type { Environment, KeyValueStorage, Locks } from './environment.ts';

/** The part of a page's globals that is used; some are missing in old browsers and on pages without TLS. */
export interface PageGlobals extends EventSource {
  readonly document: EventSource & { readonly visibilityState: string };
  readonly navigator: { readonly locks?: WebLocks };
  readonly localStorage: KeyValueStorage;
  readonly sessionStorage: KeyValueStorage;
  readonly BroadcastChannel?: new (
    name: string,
  ) => {
    onmessage: ((event: { readonly data: unknown }) => void) | null;
    postMessage(data: unknown): void;
    close(): void;
  };
}

interface EventSource {
  addEventListener(event: string, listener: () => void): void;
  removeEventListener(event: string, listener: () => void): void;
}

interface WebLocks {
  request(
    name: string,
    options: { steal: true } | { signal: AbortSignal },
    hold: () => Promise<void>,
  ): Promise<unknown>;
}

type PageEnvironment = Pick<
  Environment,
  'tabId' | 'broadcast' | 'locks' | 'wake' | 'leave' | 'isVisible'
>;

export function pageEnvironment(page: PageGlobals, newId: () => string): PageEnvironment {
  const { BroadcastChannel, document, navigator } = page;
  let id: string | undefined;
  const isVisible = (): boolean => document.visibilityState === 'visible';
  return {
    tabId: () => {
      id ??= tabId(page, newId);
      return id;
    },
    broadcast:
      BroadcastChannel && isAllowed(BroadcastChannel) ? broadcastBy(BroadcastChannel) : undefined,
    locks: navigator.locks && locksBy(navigator.locks),
    wake: (run) => {
      const ends = [
        listen(page, 'online', run),
        listen(page, 'pageshow', run),
        listen(document, 'visibilitychange', () => isVisible() && run()),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
    leave: (run) => listen(page, 'pagehide', run),
    isVisible,
  };
}

/** The getter throws where the visitor or a sandboxed frame forbids storage. */
export function storageOf(
  page: PageGlobals,
  name: 'localStorage' | 'sessionStorage',
): KeyValueStorage | undefined {
  try {
    return page[name];
  } catch {
    return undefined;
  }
}

function listen(source: EventSource, event: string, run: () => void): () => void {
  source.addEventListener(event, run);
  return () => source.removeEventListener(event, run);
}

type Channels = NonNullable<PageGlobals['BroadcastChannel']>;

/** The constructor throws where the visitor forbids storage. */
function isAllowed(Channel: Channels): boolean {
  try {
    new Channel('flex-channel').close();
    return true;
  } catch {
    return false;
  }
}

function broadcastBy(Channel: Channels): NonNullable<Environment['broadcast']> {
  return (name, onMessage) => {
    const channel = new Channel(name);
    channel.onmessage = ({ data }) => onMessage(data);
    return { post: (data) => channel.postMessage(data), close: () => channel.close() };
  };
}

/** Web Locks hold a lock for as long as a promise is pending, and abort it when it is stolen. */
function locksBy(manager: WebLocks): Locks {
  return {
    request(name, { steal }, { granted, lost, refused }) {
      const waiting = new AbortController();
      let isReleased = false;
      let endHold = () => {};
      const hold = () =>
        new Promise<void>((resolve) => {
          endHold = resolve;
          if (isReleased) resolve();
          else granted();
        });
      // The API allows either, not both.
      const options = steal ? { steal } : { signal: waiting.signal };
      manager.request(name, options, hold).catch(({ name: reason }: Error) => {
        if (isReleased) return;
        if (reason === 'AbortError') lost();
        else refused();
      });
      return () => {
        isReleased = true;
        waiting.abort();
        endHold();
      };
    },
  };
}

const TAB_ID_KEY = 'flex-channel:tab';

/** `sessionStorage` outlives a reload, and little else. */
function tabId(page: PageGlobals, newId: () => string): string {
  const storage = storageOf(page, 'sessionStorage');
  try {
    const id = storage?.getItem(TAB_ID_KEY) ?? newId();
    storage?.setItem(TAB_ID_KEY, id);
    return id;
  } catch {
    return newId();
  }
}
