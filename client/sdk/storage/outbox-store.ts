import { parseObject } from '#protocol/parse-object';
import { fits } from '../basics/fits.ts';
import type { Outbox, OutboxEntry } from '../model/outbox.ts';
import type { KeyValueStorage } from '../platform/environment.ts';
import { SessionStore } from './session-store.ts';

/**
 * Keeps the outbox, too, so that a reload goes on sending. Each entry has a key of its own: tabs
 * add theirs without reading and rewriting what others add.
 */
export class OutboxStore extends SessionStore {
  readonly #folder: string;
  #stored = new Map<string, OutboxEntry>();
  #isWhole = true;
  /** Settled, but still stored: what is read of them is old. */
  readonly #remains = new Set<string>();

  /** @param tabId whose outbox it is; absent when tabs share one. */
  constructor(storage: KeyValueStorage | undefined, serverUrl: string, tabId?: string) {
    super(storage, serverUrl);
    this.#folder = tabId === undefined ? 'outbox:' : `outbox-of-${tabId}:`;
  }

  override get works(): boolean {
    return super.works && this.#isWhole;
  }

  /** Reads anew. What is no entry is removed. */
  loadOutbox(): Outbox {
    this.#stored = new Map();
    for (const key of this.keys(this.#folder)) {
      const text = this.read(key);
      // Refused just now: it may be read another time.
      if (typeof text !== 'string') continue;
      const entry = parseEntry(text);
      if (entry === undefined || this.#remains.has(entry.id)) this.remove(key);
      else this.#stored.set(entry.id, entry);
    }
    return [...this.#stored.values()].sort((a, b) => a.order - b.order || compare(a.id, b.id));
  }

  /** Keeps one more. Any page may add what was written on it. */
  add(entry: OutboxEntry): void {
    const isKept = this.write(this.#folder + entry.id, JSON.stringify(entry));
    if (isKept) this.#stored.set(entry.id, entry);
    this.#remains.delete(entry.id);
    this.#isWhole &&= isKept;
  }

  holds({ id }: OutboxEntry): boolean {
    return this.read(this.#folder + id) !== null;
  }

  /** Keeps exactly these, and the session: what could not be kept before, or the site has removed, is written again. */
  saveOutbox(outbox: Outbox): void {
    void this.session;
    const left = new Set(outbox.map(({ id }) => id));
    for (const id of this.#stored.keys()) {
      if (left.has(id)) continue;
      this.#stored.delete(id);
      this.#remains.add(id);
    }
    for (const id of this.#remains) {
      if (this.remove(this.#folder + id)) this.#remains.delete(id);
    }
    this.#isWhole = true;
    for (const entry of outbox) {
      if (this.#stored.get(entry.id) !== entry || !this.holds(entry)) this.add(entry);
    }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : 1);

const STATES: readonly unknown[] = ['queued', 'sending', 'sent', 'failed'];

/** As complete as an entry can be, but for what it must have. */
const OPTIONAL = { attributes: {}, chat: 0, wasSent: true, isDoubtful: true, code: '' };
const ENTRY = { ...OPTIONAL, id: '', order: 0, body: '', createdAtMs: 0, state: '' };

function parseEntry(text: string): OutboxEntry | undefined {
  const value = parseObject(text) ?? {};
  const isEntry = fits({ ...OPTIONAL, ...value }, ENTRY) && STATES.includes(value['state']);
  return isEntry ? (value as unknown as OutboxEntry) : undefined;
}
