import type { Cursor } from '#protocol/frames';
import { parseObject } from '#protocol/parse-object';
import { fits } from '../basics/fits.ts';
import type { Outbox, OutboxEntry } from '../model/outbox.ts';
import type { Environment } from '../platform/environment.ts';
import { OutboxStore } from './outbox-store.ts';
import { SafeStorage } from './safe-storage.ts';
import { SessionStore } from './session-store.ts';

const LEADER = 'leader';
const FORGOTTEN = 'forgotten';
const SEEN = 'seen';

/** What outlives a page, from when it is opened on: the session, the messages that are not seen in Flex yet, and which page leads. */
export class DurableStore {
  readonly session: SessionStore;
  readonly outbox: OutboxStore;
  readonly #storage: SafeStorage;
  readonly #page: string | undefined;
  #seen: Cursor | undefined;
  #isOpen = false;
  #isClaimed = false;

  /** @param page names this page among the tabs that share the store; absent when none does. */
  constructor({ storage, tabId }: Environment, url: string, page: string | undefined) {
    this.#storage = new SafeStorage(storage, url);
    this.session = new SessionStore(this.#storage);
    this.outbox = new OutboxStore(this.#storage, page === undefined ? tabId : undefined);
    this.#page = page;
  }

  /** From now on something may be stored: first of all what has been written so far. */
  open(outbox: Outbox): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#storage.probe();
    for (const entry of outbox) this.outbox.add(entry);
  }

  /** Keeps one more message, if something may be stored by now. */
  add(entry: OutboxEntry): void {
    if (this.#isOpen) this.outbox.add(entry);
  }

  /** Whether all that was to be kept is kept. */
  get works(): boolean {
    return this.#storage.works && this.session.works && this.outbox.works;
  }

  /** Whether something could not be kept or read: what is stored may be old. */
  get hasFailed(): boolean {
    return this.#storage.hasFailed;
  }

  /** Keeps exactly these messages, and the session: what could not be kept before, or the site has removed, is written again. */
  keep(outbox: Outbox): void {
    void this.session.current;
    this.outbox.save(outbox);
  }

  /** Keeps how far the customer has read. */
  keepSeen(sessionId: string | undefined, seenUpTo: Cursor | undefined): void {
    if (!seenUpTo || seenUpTo === this.#seen) return;
    this.#seen = seenUpTo;
    this.#storage.write(SEEN, JSON.stringify({ sessionId, ...seenUpTo }));
  }

  /** @returns how far the customer has read in this session, if that is stored. */
  seenIn(sessionId: string | undefined): Cursor | undefined {
    const seen = parseObject(this.#storage.read(SEEN) ?? '');
    if (!fits(seen, { sessionId: '', chat: 0, index: 0 })) return undefined;
    const { sessionId: id, chat, index } = seen as unknown as Cursor & { sessionId: string };
    return id === sessionId ? { chat, index } : undefined;
  }

  /** Removes the session with all that belongs to it. A later session of another page is left alone. */
  forget(sessionId: string | undefined): void {
    this.#isOpen = this.#isClaimed = false;
    const { storedId = sessionId } = this.session;
    if (storedId !== sessionId) return;
    this.session.save(undefined);
    this.outbox.clear();
    this.#storage.remove(LEADER);
    this.#storage.remove(SEEN);
    if (sessionId) this.#storage.write(FORGOTTEN, sessionId);
  }

  /** Whether some page has forgotten this session. */
  isForgotten(sessionId: string): boolean {
    return this.#storage.read(FORGOTTEN) === sessionId;
  }

  /** Makes this page the one that writes. */
  claim(): void {
    this.#isClaimed = this.#page !== undefined && this.#storage.write(LEADER, this.#page);
  }

  /**
   * False once another page has claimed the store. A page that was deposed while it was frozen
   * learns it here, before any event tells it.
   */
  get isOwn(): boolean {
    const leader = this.#isClaimed ? this.#storage.read(LEADER) : null;
    // As soon as the storage can be written again, so that no earlier claim counts; or it was cleared.
    if (leader === null) this.claim();
    return leader === this.#page || typeof leader !== 'string';
  }
}
