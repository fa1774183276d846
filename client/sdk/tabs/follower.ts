import type { Profile } from '#protocol/frames';
import { ChatClientError } from '../basics/errors.ts';
import { REQUEST_TIMEOUT_MS } from '../connection/connection.ts';
import type { ConnectionState } from '../connection/connection-state.ts';
import { PendingReplies } from '../connection/pending-replies.ts';
import { withOutbox } from '../model/apply-event.ts';
import type { ChatModel } from '../model/chat-model.ts';
import { adoptModel, applyChange } from '../model/model-change.ts';
import type { ModelStore } from '../model/model-store.ts';
import { addEntry, type OutboxEntry } from '../model/outbox.ts';
import { withProfile } from '../model/profile.ts';
import type { Command } from '../outbox/command.ts';
import type { Environment } from '../platform/environment.ts';
import type { DurableStore } from '../storage/durable-store.ts';
import type { Shared, TabMessage } from './tab-message.ts';
import { UnacknowledgedWrites } from './unacknowledged-writes.ts';

/** What a tab does while another one leads: shows what that one shares, and asks it for everything else. */
export class Follower {
  readonly #store: ModelStore;
  readonly #durable: DurableStore;
  readonly #newId: () => string;
  readonly #post: (message: TabMessage) => void;
  /** Commands on their way to the tab that leads. */
  readonly #calls: PendingReplies<unknown>;
  /** What was written here, and perhaps no leader knows. */
  readonly unacknowledged = new UnacknowledgedWrites();
  #shared: Shared | undefined;
  #isLeaderNew = false;
  /** Number of what the leader has told last; undefined: something was missed, or it does not count. */
  #n: number | undefined;

  constructor(
    { newId, timers }: Environment,
    { store, durable }: { readonly store: ModelStore; readonly durable: DurableStore },
    post: (message: TabMessage) => void,
  ) {
    this.#store = store;
    this.#durable = durable;
    this.#newId = newId;
    this.#post = post;
    this.#calls = new PendingReplies(timers);
  }

  /** What the leader has shared last. */
  get shared(): Shared | undefined {
    return this.#shared;
  }

  get connection(): ConnectionState {
    return this.#shared?.connection ?? CONNECTING;
  }

  /** @throws ChatClientError what the leader throws; `unavailable` when none answers. */
  run(command: Command): Promise<unknown> {
    const id = this.#newId();
    const giveUp = () => this.settle({ id, code: 'unavailable' });
    const answer = this.#calls.open(id, REQUEST_TIMEOUT_MS, giveUp);
    this.#post({ type: 'call', id, command });
    return answer;
  }

  /** Shows what was written, and hands it to the leader; if none takes it, to the next one. */
  send(entry: OutboxEntry, isDetached: boolean): void {
    this.unacknowledged.add(entry);
    this.#store.update((model) => withOutbox(model, addEntry(model.outbox, entry)));
    if (!isDetached) this.#tell({ name: 'add', entry });
  }

  /** Keeps what the page said about the customer until a leader has it. */
  told(profile: Profile): void {
    this.unacknowledged.told(profile);
    this.#store.update((model) => withProfile(model, profile));
  }

  settle({ id, code, earlier }: Omit<Extract<TabMessage, { type: 'reply' }>, 'type'>): void {
    this.#calls.settle(id, code ? new ChatClientError(code) : earlier);
  }

  /** Another tab has begun to lead, perhaps once more. */
  meetLeader(): void {
    this.#isLeaderNew = true;
    this.#failCalls();
  }

  /** The leader has told everything it knows. */
  hear({ shared, n }: Extract<TabMessage, { type: 'shared' }>): void {
    const isNew = this.#isLeaderNew;
    // It was meant for a tab that joins.
    if (n !== undefined && n === this.#n && !isNew) return;
    this.#n = n;
    this.#isLeaderNew = false;
    if (isNew) this.unacknowledged.reopen(this.#store.model, shared.model, this.#durable);
    this.#show({ ...shared, model: adoptModel(this.#store.model, shared.model) });
    if (isNew) this.#offerUnacknowledged();
  }

  /** The leader has told what has changed. */
  hearChange({ change, n, rest }: Extract<TabMessage, { type: 'changed' }>): void {
    if (!this.#shared || this.#n === undefined || this.#isLeaderNew) return;
    const isNext = n === this.#n + 1;
    this.#n = isNext ? n : undefined;
    if (isNext) this.#show({ ...rest, model: applyChange(this.#shared.model, change) });
    else this.#post({ type: 'ask', joins: true, isVisible: false, takesChanges: true });
  }

  /** What this tab has read by itself is shown beside what the leader shares. */
  add(earlier: (model: ChatModel) => ChatModel): void {
    if (this.#shared) this.#show({ ...this.#shared, model: earlier(this.#shared.model) });
  }

  #show(shared: Shared): void {
    this.#shared = shared;
    this.#store.update(() => this.unacknowledged.addTo(shared.model));
  }

  /** Nothing is left to hand over: this tab leads and knows it all, or the session is forgotten. */
  reset(): void {
    this.leave();
    this.unacknowledged.clear();
  }

  leave(): void {
    this.#failCalls();
    this.#shared = this.#n = undefined;
  }

  /** The leader has changed: whoever called asks again. */
  #failCalls(): void {
    this.#calls.failAll(new ChatClientError('unavailable'));
  }

  /** If the command is lost, it is offered to the next leader. */
  #tell(command: Command): void {
    this.run(command).catch(() => {});
  }

  #offerUnacknowledged(): void {
    const { entries, profile } = this.unacknowledged;
    if (profile) this.#tell({ name: 'setProfile', profile });
    for (const entry of entries) this.#tell({ name: 'add', entry });
  }
}

const CONNECTING: ConnectionState = {
  name: 'connecting',
  attempt: 0,
  refusals: 0,
};
