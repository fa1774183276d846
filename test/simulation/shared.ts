/** What the tabs of one browser share: storage, broadcast and locks. */
import { types } from 'node:util';
import type { KeyValueStorage, LockHandlers } from '#client/sdk/platform/environment';
import { errorOf, type Page, type Shareable } from './page.ts';
import type { World } from './world.ts';

interface Port {
  readonly page: Page;
  readonly channel: string;
  readonly onMessage: (data: unknown) => void;
}

interface LockRequest extends LockHandlers {
  readonly page: Page;
}

const BROADCAST_MS = 1;

export class Shared implements Shareable {
  readonly #world: World;
  readonly #values = new Map<string, string>();
  readonly #ofTabs = new Map<string, KeyValueStorage>();
  readonly #ports = new Set<Port>();
  /** By name; the first one holds the lock. */
  readonly #locks = new Map<string, LockRequest[]>();
  #isStorageForbidden = false;
  #isAllForbidden = false;
  #isStrict = false;
  #quota = Number.POSITIVE_INFINITY;
  /** Whether something was perhaps not kept. */
  wasForbidden = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** The getter throws, too. */
  get localStorage(): KeyValueStorage {
    return this.#allowed(this.#storage);
  }

  sessionStorage(tabId: string): KeyValueStorage {
    const storage = this.#ofTabs.get(tabId) ?? this.#storageOf(new Map());
    this.#ofTabs.set(tabId, storage);
    return this.#allowed(storage);
  }

  readonly #storage = this.#storageOf(this.#values);

  /** The visitor forbids storage. */
  forbidStorage(): void {
    this.#isStorageForbidden = this.wasForbidden = true;
  }

  /** As real browsers do it: storage, and channels and locks with it. What is open stays open. */
  forbidAll(): void {
    this.forbidStorage();
    this.#isAllForbidden = true;
  }

  /** Whatever happens later. */
  forbidAllForEver(): void {
    this.forbidAll();
    this.#isStrict = true;
  }

  /** Others have used up the storage, but for this much. */
  fill(room: number): void {
    this.#quota = this.#size + room;
    this.wasForbidden = true;
  }

  allow(): void {
    this.#isStorageForbidden = this.#isAllForbidden = this.#isStrict;
    this.#quota = Number.POSITIVE_INFINITY;
  }

  broadcast(page: Page, channel: string, onMessage: (data: unknown) => void) {
    if (this.#isAllForbidden) throw errorOf('SecurityError');
    const port: Port = { page, channel, onMessage };
    this.#ports.add(port);
    return {
      post: (data: unknown) => this.#post(port, data),
      close: () => void this.#ports.delete(port),
    };
  }

  /** Whether other pages reach it. */
  reaches(page: Page): boolean {
    return [...this.#ports].some((port) => port.page === page);
  }

  requestLock(page: Page, name: string, steal: boolean, handlers: LockHandlers): () => void {
    const request = { page, ...handlers };
    if (this.#isAllForbidden) {
      request.refused();
      return () => {};
    }
    const requests = this.#locks.get(name) ?? [];
    this.#locks.set(name, requests);
    const [holder] = requests;
    if (steal && holder) {
      requests.shift();
      holder.page.run(holder.lost);
    }
    if (steal) requests.unshift(request);
    else requests.push(request);
    if (requests[0] === request) this.#grant(name, request);
    return () => this.#release(name, request);
  }

  /** A page is gone: what it held is free. */
  leave(page: Page): void {
    for (const port of this.#ports) if (port.page === page) this.#ports.delete(port);
    for (const [name, requests] of this.#locks) {
      for (const request of requests.filter((one) => one.page === page)) {
        this.#release(name, request);
      }
    }
  }

  get #size(): number {
    let size = 0;
    for (const [key, value] of this.#values) size += key.length + value.length;
    return size;
  }

  #storageOf(values: Map<string, string>): KeyValueStorage {
    const allowed = () => this.#allowed(values);
    const isTooMuch = (key: string, value: string) => {
      const before = values.get(key);
      const growth =
        before === undefined ? key.length + value.length : value.length - before.length;
      return growth > 0 && this.#size + growth > this.#quota;
    };
    return {
      get length() {
        return allowed().size;
      },
      key: (index) => [...allowed().keys()][index] ?? null,
      getItem: (key) => allowed().get(key) ?? null,
      setItem: (key, value) => {
        allowed();
        if (isTooMuch(key, value)) throw errorOf('QuotaExceededError');
        values.set(key, value);
      },
      removeItem: (key) => void allowed().delete(key),
    };
  }

  #allowed<Value>(value: Value): Value {
    if (this.#isStorageForbidden) throw errorOf('SecurityError');
    return value;
  }

  #post(from: Port, data: unknown): void {
    const others = [...this.#ports].filter(
      (port) => port !== from && port.channel === from.channel,
    );
    // One copy for all of them: nobody changes what it was told.
    const copy = others.length > 0 ? cloneOf(data) : undefined;
    for (const port of others) {
      this.#world.scheduler.after(BROADCAST_MS, () => {
        if (this.#ports.has(port)) port.page.run(() => port.onMessage(copy));
      });
    }
  }

  #grant(name: string, request: LockRequest): void {
    this.#world.scheduler.after(BROADCAST_MS, () => {
      if (this.#locks.get(name)?.[0] === request) request.page.run(request.granted);
    });
  }

  #release(name: string, request: LockRequest): void {
    const requests = this.#locks.get(name) ?? [];
    const place = requests.indexOf(request);
    if (place < 0) return;
    requests.splice(place, 1);
    const [next] = requests;
    if (place === 0 && next) this.#grant(name, next);
  }
}

// Jest looks globals up slowly, and this runs often.
const { isArray } = Array;
const { keys } = Object;
const { isProxy } = types;

/** As a structured clone of plain data; the platform's own takes several times as long. */
function cloneOf(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (isProxy(data)) throw errorOf('DataCloneError');
  if (isArray(data)) return data.map(cloneOf);
  const original = data as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key of keys(original)) copy[key] = cloneOf(original[key]);
  return copy;
}
