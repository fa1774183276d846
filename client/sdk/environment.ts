/** What the client takes from where it runs; browsers and Node 22 or later bring all of it. */

/** The part of `WebSocket` that is used. */
export interface ChatSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Timers {
  /** @returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** As `sessionStorage` and `localStorage` are. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Environment {
  readonly createSocket: (url: string, protocols: string[]) => ChatSocket;
  readonly timers: Timers;
  readonly storage: KeyValueStorage;
  /** From 0 (inclusive) to 1. */
  readonly random: () => number;
  readonly nowMs: () => number;
  /** @returns a new client message id. */
  readonly newId: () => string;
}

/** The platform's own. The token lives as long as the tab: a reload resumes, a new visit starts afresh. */
export function platformEnvironment(): Environment {
  return {
    createSocket: (url, protocols) => new WebSocket(url, protocols) as ChatSocket,
    timers: {
      after(delayMs, callback) {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    },
    storage: sessionStorageIfAllowed() ?? memoryStorage(),
    random: Math.random,
    nowMs: Date.now,
    newId: randomId,
  };
}

export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** The getter throws where the visitor or a sandboxed frame forbids storage. */
function sessionStorageIfAllowed(): KeyValueStorage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** 128 random bits; `crypto.randomUUID` is missing on pages without TLS. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
