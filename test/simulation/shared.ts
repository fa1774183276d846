/** What the tabs of one browser share: storage, broadcast and locks. */
import type { LockHandlers } from '#client/sdk/environment';
import type { World } from './world.ts';

export interface Page {
  readonly isAlive: boolean;
  run(callback: () => void): void;
}

interface Port {
  readonly page: Page;
  readonly channel: string;
  readonly onMessage: (data: unknown) => void;
}

interface LockRequest {
  readonly page: Page;
  readonly granted: () => void;
  readonly lost: () => void;
}

interface LockOptions {
  readonly steal: boolean;
}

const BROADCAST_MS = 1;

export class Shared {
  readonly #world: World;
  readonly #values = new Map<string, string>();
  readonly #ports = new Set<Port>();
  /** By name; the first one holds the lock. */
  readonly #locks = new Map<string, LockRequest[]>();
  #isForbidden = false;
  /** Whether something was perhaps not kept. */
  wasForbidden = false;

  constructor(world: World) {
    this.#world = world;
  }

  readonly storage = {
    length: 0,
    key: (index: number): string | null => this.#allowed([...this.#values.keys()][index] ?? null),
    getItem: (key: string): string | null => this.#allowed(this.#values.get(key) ?? null),
    setItem: (key: string, value: string): void => {
      this.#allowed(null);
      this.#values.set(key, value);
      this.storage.length = this.#values.size;
    },
    removeItem: (key: string): void => {
      this.#allowed(null);
      this.#values.delete(key);
      this.storage.length = this.#values.size;
    },
  };

  /** The visitor forbids storage. */
  forbid(): void {
    this.#isForbidden = this.wasForbidden = true;
  }

  allow(): void {
    this.#isForbidden = false;
  }

  broadcast(page: Page, channel: string, onMessage: (data: unknown) => void) {
    const port: Port = { page, channel, onMessage };
    this.#ports.add(port);
    return {
      post: (data: unknown) => this.#post(port, data),
      close: () => void this.#ports.delete(port),
    };
  }

  locksOf(page: Page) {
    return {
      request: (name: string, options: LockOptions, handlers: LockHandlers) =>
        this.#request(name, options, { page, ...handlers }),
    };
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

  #allowed<Value>(value: Value): Value {
    if (this.#isForbidden) throw new Error('SecurityError');
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

  #request(name: string, { steal }: LockOptions, request: LockRequest): () => void {
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

/** As a structured clone of plain data; the platform's own takes several times as long. */
function cloneOf(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (isArray(data)) return data.map(cloneOf);
  const original = data as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key of keys(original)) copy[key] = cloneOf(original[key]);
  return copy;
}
