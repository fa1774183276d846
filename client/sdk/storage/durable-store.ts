import type { Outbox, OutboxEntry } from '../model/outbox.ts';
import type { Environment } from '../platform/environment.ts';
import { OutboxStore } from './outbox-store.ts';
import { SafeStorage } from './safe-storage.ts';
import { SessionStore } from './session-store.ts';

const LEADER = 'leader';
const FORGOTTEN = 'forgotten';

/** What outlives a page, from when it is opened on: the session, the messages that are not seen in Flex yet, and which page leads. */
export class DurableStore {
  readonly session: SessionStore;
  readonly outbox: OutboxStore;
  readonly #storage: SafeStorage;
  readonly #page: string | undefined;
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

  /** Removes the session with all that belongs to it. A later session of another page is left alone. */
  forget(sessionId: string | undefined): void {
    this.#isOpen = this.#isClaimed = false;
    const { storedId = sessionId } = this.session;
    if (storedId !== sessionId) return;
    this.session.save(undefined);
    this.outbox.clear();
    this.#storage.remove(LEADER);
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
