import type { Profile } from '#protocol/frames';
import type { ChatModel } from '../model/chat-model.ts';
import {
  addEntry,
  markUnverified,
  mergeOutboxes,
  moveToNewSession,
  type Outbox,
  type OutboxEntry,
  withoutSaid,
} from '../model/outbox.ts';
import { isSameProfile, withProfile } from '../model/profile.ts';
import type { DurableStore } from '../storage/durable-store.ts';

/** What was written on this page and the leading tab has not shown to have yet. */
export class UnacknowledgedWrites {
  #entries: Outbox = [];
  #written: readonly string[] = [];
  #profile: Profile | undefined;

  get entries(): Outbox {
    return this.#entries;
  }

  get profile(): Profile | undefined {
    return this.#profile;
  }

  /** The page has said who the customer is. */
  told(profile: Profile): void {
    this.#profile = profile;
  }

  /** A message was written on this page, whichever tab sends it. @param outbox what else is on its way. */
  wrote({ id }: OutboxEntry, outbox: Outbox): void {
    const open = this.#written.filter((one) => outbox.some((entry) => entry.id === one));
    this.#written = [...open, id];
  }

  /** The tab which leads is not known to have it. */
  add(entry: OutboxEntry): void {
    this.#entries = addEntry(this.#entries, entry);
  }

  /**
   * Another tab leads from now on. Messages of this page that are still in the durable store are
   * offered to it; those that are gone from there have arrived or failed meanwhile.
   */
  reopen(known: ChatModel, leader: ChatModel, durable: DurableStore): void {
    const open = known.outbox.filter(
      (entry) =>
        this.#written.includes(entry.id) && (durable.outbox.holds(entry) || durable.hasFailed),
    );
    const isSame = known.sessionId === leader.sessionId;
    const moved = isSame ? open : moveToNewSession(open, leader.chat?.number ?? 1);
    this.#entries = mergeOutboxes(this.#entries, markUnverified(moved));
  }

  /** Forgets what the leader has. @returns the leader's model with the rest added. */
  addTo(leader: ChatModel): ChatModel {
    this.#entries = withoutSaid(this.#entries, [...leader.outbox, ...leader.transcript]);
    if (isSameProfile(leader.profile, this.#profile)) this.#profile = undefined;
    const outbox = mergeOutboxes(leader.outbox, this.#entries);
    return withProfile({ ...leader, outbox }, this.#profile ?? leader.profile);
  }

  /** This tab leads: it has them all. */
  clear(): void {
    this.#entries = [];
    this.#profile = undefined;
  }
}
