import { ChatClientError } from '../basics/errors.ts';
import type { ConnectionState } from '../connection/connection-state.ts';
import { REQUEST_TIMEOUT_MS } from '../connection/link.ts';
import { PendingReplies } from '../connection/pending-replies.ts';
import type { ModelStore } from '../model/model-store.ts';
import type { Command } from '../outbox/command.ts';
import type { Environment } from '../platform/environment.ts';
import type { Vault } from '../storage/vault.ts';
import type { Shared, TabMessage } from './tab-message.ts';
import { Unheard } from './unheard.ts';

/** What a tab does while another one leads: shows what that one shares, and asks it for everything else. */
export class Follower {
  readonly #store: ModelStore;
  readonly #vault: Vault;
  readonly #newId: () => string;
  readonly #post: (message: TabMessage) => void;
  /** Commands on their way to the tab that leads. */
  readonly #calls: PendingReplies<void>;
  /** Written here, and perhaps not known to any leader. */
  readonly unheard = new Unheard();
  #shared: Shared | undefined;
  #isLeaderNew = false;

  constructor(
    { newId, timers }: Environment,
    { store, vault }: { readonly store: ModelStore; readonly vault: Vault },
    post: (message: TabMessage) => void,
  ) {
    this.#store = store;
    this.#vault = vault;
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
    if (isNew) this.unheard.reopen(this.#store.model, shared.model, this.#vault);
    this.#store.update(() => this.unheard.addTo(shared.model));
    if (isNew) this.#offerUnheard();
  }

  /** This tab leads, and knows of all that is written here. */
  lead(): void {
    this.leave();
    this.unheard.clear();
  }

  leave(): void {
    this.#failCalls();
    this.#shared = undefined;
  }

  /** The leader has changed: whoever called asks again. */
  #failCalls(): void {
    this.#calls.failAll(new ChatClientError('unavailable'));
  }

  #offerUnheard(): void {
    const tell = (command: Command) => this.run(command).catch(() => {});
    const { entries, profile } = this.unheard;
    if (profile) tell({ name: 'setProfile', profile });
    for (const entry of entries) tell({ name: 'add', entry });
  }
}

const CONNECTING: ConnectionState = {
  name: 'connecting',
  attempt: 0,
  refusals: 0,
};
