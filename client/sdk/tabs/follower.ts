import { ChatClientError } from '../basics/errors.ts';
import { REQUEST_TIMEOUT_MS } from '../connection/connection.ts';
import type { ConnectionState } from '../connection/connection-state.ts';
import { PendingReplies } from '../connection/pending-replies.ts';
import type { ModelStore } from '../model/model-store.ts';
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
  readonly #calls: PendingReplies<void>;
  /** Written here, and perhaps not known to any leader. */
  readonly unacknowledged = new UnacknowledgedWrites();
  #shared: Shared | undefined;
  #isLeaderNew = false;

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
  run(command: Command): Promise<void> {
    const id = this.#newId();
    const giveUp = () => this.settle({ id, code: 'unavailable' });
    const answer = this.#calls.open(id, REQUEST_TIMEOUT_MS, giveUp);
    this.#post({ type: 'call', id, command });
    return answer;
  }

  settle({ id, code }: Omit<Extract<TabMessage, { type: 'reply' }>, 'type'>): void {
    this.#calls.settle(id, code && new ChatClientError(code));
  }

  /** Another tab has begun to lead, perhaps once more. */
  meetLeader(): void {
    this.#isLeaderNew = true;
    this.#failCalls();
  }

  hear(shared: Shared): void {
    this.#shared = shared;
    const isNew = this.#isLeaderNew;
    this.#isLeaderNew = false;
    if (isNew) this.unacknowledged.reopen(this.#store.model, shared.model, this.#durable);
    this.#store.update(() => this.unacknowledged.addTo(shared.model));
    if (isNew) this.#offerUnacknowledged();
  }

  /** This tab leads, and knows of all that is written here. */
  lead(): void {
    this.leave();
    this.unacknowledged.clear();
  }

  leave(): void {
    this.#failCalls();
    this.#shared = undefined;
  }

  /** The leader has changed: whoever called asks again. */
  #failCalls(): void {
    this.#calls.failAll(new ChatClientError('unavailable'));
  }

  #offerUnacknowledged(): void {
    const tell = (command: Command) => this.run(command).catch(() => {});
    const { entries, profile } = this.unacknowledged;
    if (profile) tell({ name: 'setProfile', profile });
    for (const entry of entries) tell({ name: 'add', entry });
  }
}

const CONNECTING: ConnectionState = {
  name: 'connecting',
  attempt: 0,
  refusals: 0,
};
