import { parseObject } from '#protocol/parse-object';
import { fits } from '../basics/fits.ts';
import type { Outbox, OutboxEntry } from '../model/outbox.ts';
import type { Environment } from '../platform/environment.ts';
import type { SafeStorage } from './safe-storage.ts';

/**
 * Keeps the outbox, so that a reload goes on sending. Each entry has a key of its own: tabs
 * add theirs without reading and rewriting what others add.
 */
export class OutboxStore {
  readonly #storage: SafeStorage;
  readonly #tabId: Environment['tabId'];
  #stored = new Map<string, OutboxEntry>();
  #works = true;
  /** They have arrived or failed, but could not be removed yet: if they are read, they are old. */
  readonly #remains = new Set<string>();

  /** @param tabId whose outbox it is; absent when tabs share one. */
  constructor(storage: SafeStorage, tabId?: Environment['tabId']) {
    this.#storage = storage;
    this.#tabId = tabId;
  }

  get #folder(): string {
    const id = typeof this.#tabId === 'function' ? this.#tabId() : this.#tabId;
    return id === undefined ? 'outbox:' : `outbox-of-${id}:`;
  }

  /** Whether all that was to be kept is kept. */
  get works(): boolean {
    return this.#works;
  }

  /** Reads anew. What is no entry is removed. */
  load(): Outbox {
    this.#stored = new Map();
    for (const key of this.#storage.keys(this.#folder)) {
      const text = this.#storage.read(key);
      // Refused just now: it may be read another time.
      if (typeof text !== 'string') continue;
      const entry = parseEntry(text);
      if (entry === undefined || this.#remains.has(entry.id)) this.#storage.remove(key);
      else this.#stored.set(entry.id, entry);
    }
    return [...this.#stored.values()].sort((a, b) => a.order - b.order || compare(a.id, b.id));
  }

  /** Keeps one more. Any page may add what was written on it. */
  add(entry: OutboxEntry): void {
    const isKept = this.#storage.write(this.#folder + entry.id, JSON.stringify(entry));
    if (isKept) this.#stored.set(entry.id, entry);
    this.#remains.delete(entry.id);
    this.#works &&= isKept;
  }

  /** Removes all that is there, read or not. */
  clear(): void {
    for (const key of this.#storage.keys(this.#folder)) this.#storage.remove(key);
    this.#stored.clear();
    this.#remains.clear();
    this.#works = true;
  }

  holds({ id }: OutboxEntry): boolean {
    return this.#storage.read(this.#folder + id) !== null;
  }

  /** Keeps exactly these: what could not be kept before, or the site has removed, is written again. */
  save(outbox: Outbox): void {
    const left = new Set(outbox.map(({ id }) => id));
    for (const id of this.#stored.keys()) {
      if (left.has(id)) continue;
      this.#stored.delete(id);
      this.#remains.add(id);
    }
    for (const id of this.#remains) {
      if (this.#storage.remove(this.#folder + id)) this.#remains.delete(id);
    }
    this.#works = true;
    for (const entry of outbox) {
      if (this.#stored.get(entry.id) !== entry || !this.holds(entry)) this.add(entry);
    }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : 1);

const STATES: readonly unknown[] = ['queued', 'sending', 'sent', 'failed'];

/** As complete as an entry can be, but for what it must have. */
const OPTIONAL = {
  attributes: {},
  choice: {},
  chat: 0,
  file: { filename: '' },
  progress: 0,
  code: '',
  wasSent: true,
  isDoubtful: true,
};
const ENTRY = { ...OPTIONAL, id: '', order: 0, body: '', createdAtMs: 0, state: '' };

function parseEntry(text: string): OutboxEntry | undefined {
  const value = parseObject(text) ?? {};
  const isEntry = fits({ ...OPTIONAL, ...value }, ENTRY) && STATES.includes(value['state']);
  return isEntry ? (value as unknown as OutboxEntry) : undefined;
}
