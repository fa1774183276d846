import type { ChatModel } from './chat-model.ts';
import { mergeOutboxes, moveToNewSession, type Outbox, type OutboxEntry } from './outbox.ts';
import type { Vault } from './vault.ts';

/** Messages written on this page that the tab which leads is not known to have. */
export class Unheard {
  #entries: Outbox = [];
  readonly #written = new Set<string>();

  get entries(): Outbox {
    return this.#entries;
  }

  /** @param isHeard this tab leads. */
  wrote(entry: OutboxEntry, isHeard: boolean): void {
    this.#written.add(entry.id);
    if (!isHeard) this.#entries = mergeOutboxes(this.#entries, [entry]);
  }

  /**
   * Another tab leads from now on. What this one showed as on its way is open if it is still
   * in the vault: otherwise it has been settled meanwhile, or could not be kept.
   */
  reopen(known: ChatModel, leader: ChatModel, vault: Vault): void {
    const open = known.outbox.filter(
      (entry) => this.#written.has(entry.id) && (vault.hasFailed || vault.holds(entry)),
    );
    const isSame = known.sessionId === leader.sessionId;
    const moved = isSame ? open : moveToNewSession(open, leader.chat?.number ?? 1);
    this.#entries = mergeOutboxes(this.#entries, moved);
  }

  /** Forgets those that the leader has. @returns the leader's model with the others added. */
  addTo(leader: ChatModel): ChatModel {
    const heard = new Set([...leader.outbox, ...leader.transcript].map(({ id }) => id));
    this.#entries = this.#entries.filter(({ id }) => !heard.has(id));
    return { ...leader, outbox: mergeOutboxes(leader.outbox, this.#entries) };
  }

  /** This tab leads: it has them all. */
  clear(): void {
    this.#entries = [];
  }
}
