import type { Environment } from '../platform/environment.ts';
import { OutboxStore } from './outbox-store.ts';

const LEADER = 'leader';

/** What outlives a page: the session, and the messages that are not seen in Flex yet. */
export class DurableStore extends OutboxStore {
  readonly #page: string | undefined;
  #isClaimed = false;

  /** @param page names this page among the tabs that share the store; absent when none does. */
  constructor({ storage, tabId }: Environment, url: string, page: string | undefined) {
    super(storage, url, page === undefined ? tabId : undefined);
    this.#page = page;
  }

  /** Makes this page the one that writes. */
  claim(): void {
    this.#isClaimed = this.#page !== undefined && this.write(LEADER, this.#page);
  }

  /**
   * False once another page has claimed the store. A page that was deposed while it was frozen
   * learns it here, before any event tells it.
   */
  get isOwn(): boolean {
    const leader = this.#isClaimed ? this.read(LEADER) : null;
    // As soon as the storage can be written again, so that no earlier claim counts; or it was cleared.
    if (leader === null) this.claim();
    return leader === this.#page || typeof leader !== 'string';
  }
}
