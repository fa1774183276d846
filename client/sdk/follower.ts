import type { Profile } from '#protocol/frames';
import type { Command } from './command.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Environment } from './environment.ts';
import type { ModelStore } from './model-store.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { Relay } from './relay.ts';
import type { Shared, TabMessage } from './tab-message.ts';
import { Unheard } from './unheard.ts';
import type { Vault } from './vault.ts';

/** What a tab does while another one leads: shows what that one shares, and asks it for everything else. */
export class Follower {
  readonly #store: ModelStore;
  readonly #vault: Vault;
  readonly #relay: Relay;
  readonly #unheard = new Unheard();
  #shared: Shared | undefined;
  #isLeaderNew = false;

  constructor(
    environment: Environment,
    { store, vault }: { readonly store: ModelStore; readonly vault: Vault },
    post: (message: TabMessage) => void,
  ) {
    this.#store = store;
    this.#vault = vault;
    this.#relay = new Relay(environment, post);
  }

  /** What the leader has shared last. */
  get shared(): Shared | undefined {
    return this.#shared;
  }

  get connection(): ConnectionState {
    return this.#shared?.connection ?? CONNECTING;
  }

  /** Written here, and perhaps not known to any leader. */
  get unheard(): Outbox {
    return this.#unheard.entries;
  }

  /** @throws ChatClientError what the leader throws; `unavailable` when none answers. */
  run(command: Command): Promise<void> {
    return this.#relay.run(command);
  }

  settle(reply: Extract<TabMessage, { type: 'reply' }>): void {
    this.#relay.settle(reply);
  }

  /** Who the customer is was told in this tab, which does not lead. */
  told(profile: Profile): void {
    this.#unheard.told(profile);
  }

  /** A message was written in this tab. @param leads whether this tab leads. */
  wrote(entry: OutboxEntry, leads: boolean): void {
    this.#unheard.wrote(entry, leads);
  }

  /** Another tab has begun to lead, perhaps once more. */
  meetLeader(): void {
    this.#isLeaderNew = true;
    this.#relay.failAll();
  }

  hear(shared: Shared): void {
    this.#shared = shared;
    const isNew = this.#isLeaderNew;
    this.#isLeaderNew = false;
    if (isNew) this.#unheard.reopen(this.#store.model, shared.model, this.#vault);
    this.#store.update(() => this.#unheard.addTo(shared.model));
    if (isNew) this.#offerUnheard();
  }

  /** This tab leads, and knows of all that is written here. */
  lead(): void {
    this.leave();
    this.#unheard.clear();
  }

  leave(): void {
    this.#relay.failAll();
    this.#shared = undefined;
  }

  #offerUnheard(): void {
    const tell = (command: Command) => this.run(command).catch(() => {});
    const { profile } = this.#unheard;
    if (profile) tell({ name: 'setProfile', profile });
    for (const entry of this.unheard) tell({ name: 'add', entry });
  }
}

const CONNECTING: ConnectionState = {
  name: 'connecting',
  attempt: 0,
  refusals: 0,
};
