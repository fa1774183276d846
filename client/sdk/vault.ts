import type { Environment } from './environment.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { OutboxStore } from './outbox-store.ts';
import { SafeStorage } from './safe-storage.ts';
import { SessionStore, type StoredSession } from './session-store.ts';

const LEADER = 'leader';

/** What outlives a page: the session, and the messages that are not seen in Flex yet. */
export class Vault {
  readonly #storage: SafeStorage;
  readonly #sessions: SessionStore;
  readonly #outboxes: OutboxStore;
  readonly #page: string | undefined;
  #isClaimed = false;

  /** @param page names this page among the tabs that share the vault; absent when none does. */
  constructor({ storage, tabId }: Environment, url: string, page: string | undefined) {
    this.#storage = new SafeStorage(storage, url);
    this.#sessions = new SessionStore(this.#storage);
    this.#outboxes = new OutboxStore(this.#storage, page === undefined ? tabId : undefined);
    this.#page = page;
  }

  /** Whether all is kept, and will be as far as can be told. */
  get works(): boolean {
    return this.#storage.works && this.#sessions.isStored && this.#outboxes.isWhole;
  }

  /** Whether something could not be kept or read: what is there may be old. */
  get hasFailed(): boolean {
    return this.#storage.hasFailed;
  }

  get session(): StoredSession | undefined {
    return this.#sessions.session;
  }

  /** @param session undefined: there is none to resume. */
  saveSession(session: StoredSession | undefined): void {
    if (session) this.#sessions.save(session);
    else this.#sessions.forget();
  }

  /** Makes this page the one that writes. */
  claim(): void {
    this.#isClaimed = this.#page !== undefined && this.#storage.write(LEADER, this.#page);
  }

  /**
   * False once another page has claimed the vault. A page that was frozen and robbed of the
   * lead learns from it before any event has told it.
   */
  get isOwn(): boolean {
    // As soon as the storage can be written again, so that no earlier claim counts.
    if (!this.#isClaimed) this.claim();
    const leader = this.#isClaimed ? this.#storage.read(LEADER) : this.#page;
    return leader === undefined || leader === this.#page;
  }

  loadOutbox(): Outbox {
    return this.#outboxes.load();
  }

  /** Any page may add what was written on it. */
  add(entry: OutboxEntry): void {
    this.#outboxes.add(entry);
  }

  holds(entry: OutboxEntry): boolean {
    return this.#outboxes.holds(entry);
  }

  /** Keeps exactly these. */
  saveOutbox(outbox: Outbox): void {
    this.#outboxes.sync(outbox);
  }
}
