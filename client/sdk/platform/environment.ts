/** Everything the client takes from where it runs. Nothing else in the SDK touches a clock, a network or a page. */

/** The part of `WebSocket` that is used. */
export interface ChatSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(): void;
}

/** Durations only: no wall clock decides about order or time-outs. */
export interface Timers {
  /** @returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** As `localStorage` is; any of it may throw. */
export interface KeyValueStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** As the Web Locks API does it, across the tabs of one origin. */
export interface Locks {
  /**
   * Waits until the name is free, or with `steal` takes it from its holder at once. The browser
   * frees what a closed or crashed tab held.
   * @returns gives it back, or stops waiting.
   */
  request(name: string, options: { readonly steal: boolean }, handlers: LockHandlers): () => void;
}

/** None of them is called before `request` has returned. */
export interface LockHandlers {
  readonly granted: () => void;
  /** Another tab has stolen it. */
  readonly lost: () => void;
  /** The browser grants no locks here, now or later. */
  readonly refused: () => void;
}

/** The part of `BroadcastChannel` that is used. */
export interface BroadcastPort {
  /** Reaches every other port of this name, in the order of posting; a structured clone of the data. */
  post(data: unknown): void;
  close(): void;
}

/**
 * Posts a form, as `multipart/form-data` and the field `file` last, without credentials.
 * @param onProgress is told how much of it has gone, from 0 to 1.
 * @returns the status of the answer; 0 when there was none, or the signal has stopped it.
 */
export type Upload = (
  form: {
    readonly url: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly file: Blob;
  },
  onProgress: (progress: number) => void,
  signal: AbortSignal,
) => Promise<number>;

/** All that the client takes from where it runs; tests and other platforms replace it piece by piece. */
export interface Environment {
  readonly createSocket: (url: string, protocols: string[]) => ChatSocket;
  readonly timers: Timers;
  /** Shared by the tabs of one origin if `broadcast` is given. Absent: nothing outlives the page. */
  readonly storage?: KeyValueStorage | undefined;
  /** From 0 (inclusive) to 1. */
  readonly random: () => number;
  /** The wall clock, in epoch milliseconds. Shown to people; whatever else it hints at may be wrong. */
  readonly nowMs: () => number;
  /** @returns a new unique id: 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
  readonly newId: () => string;

  /** Names this tab, the same after a reload; a function is first asked once something may be stored. Gives each of the tabs that don't know of each other an outbox of its own. */
  readonly tabId?: string | (() => string) | undefined;
  /** Absent: tabs don't know of each other, and each works alone. */
  readonly broadcast?:
    | ((name: string, onMessage: (data: unknown) => void) => BroadcastPort)
    | undefined;
  /** Absent: tabs elect their leader by `broadcast`. */
  readonly locks?: Locks | undefined;
  /**
   * Subscribes to every sign that the page or its network is back: online, visible, shown again.
   * @returns ends the subscription.
   */
  readonly wake?: (run: () => void) => () => void;
  /** Subscribes to the page being left: closed, reloaded, or put into the back-forward cache. */
  readonly leave?: (run: () => void) => () => void;
  /** Absent: by `XMLHttpRequest`, or by `fetch` where that is missing. */
  readonly upload?: Upload;
  /** Whether a person can see the page. Default: always. */
  readonly isVisible?: () => boolean;
}
