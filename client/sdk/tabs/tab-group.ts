import type { BroadcastPort, Environment } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import { LoneTab, type Membership, type MembershipHandlers } from './lone-tab.ts';
import type { Envelope, TabMessage } from './tab-message.ts';
import { nextRole, PATIENCE, type TabEvent, type TabRole } from './tab-role.ts';

/** How often the leader is asked for a sign of life, and how much longer that may take at random. */
const ASK_EVERY_MS = 1_500;
const ASK_SPREAD_MS = 500;

/** Without locks: how long a new tab listens for a leader before it makes itself one, and how much longer at random. */
const LISTEN_MS = 300;
const LISTEN_SPREAD_MS = 200;

/** Without locks: tabs that miss their leader together don't all claim its place together. */
const CLAIM_SPREAD_MS = 100;

/** @param page names this page, unlike any other and any earlier one; absent where tabs don't know of each other. */
export function openTabs(
  environment: Environment,
  url: string,
  page: string | undefined,
  handlers: MembershipHandlers,
): Membership {
  const { broadcast } = environment;
  if (broadcast === undefined || page === undefined) return new LoneTab(handlers);
  const name = `flex-channel:1:${url}`;
  return new TabGroup(environment, { name, self: page }, broadcast, handlers);
}

/** This tab among those on the same session. */
class TabGroup implements Membership {
  readonly #environment: Environment;
  #locks: Environment['locks'];
  readonly #name: string;
  readonly #self: string;
  readonly #open: NonNullable<Environment['broadcast']>;
  readonly #handlers: MembershipHandlers;
  readonly #timer: TimerGroup;
  #port: BroadcastPort | undefined;
  #role: TabRole = { name: 'detached' };
  #giveBack: () => void = () => {};
  #isAlone = true;

  /** @param self names this page, unlike any other and any earlier one. */
  constructor(
    environment: Environment,
    { name, self }: { name: string; self: string },
    open: NonNullable<Environment['broadcast']>,
    handlers: MembershipHandlers,
  ) {
    this.#environment = environment;
    this.#locks = environment.locks;
    this.#name = name;
    this.#self = self;
    this.#open = open;
    this.#handlers = handlers;
    this.#timer = new TimerGroup(environment.timers);
  }

  get leads(): boolean {
    return this.#role.name === 'leading';
  }

  get isDetached(): boolean {
    return this.#role.name === 'detached';
  }

  join(): void {
    this.#dispatch({ type: 'joined' });
  }

  leave(): void {
    if (this.leads) this.post({ type: 'bye' });
    this.#dispatch({ type: 'left' });
    this.#port?.close();
    this.#port = undefined;
  }

  stepDown(): void {
    this.#dispatch({ type: 'lost' });
  }

  post(message: TabMessage): void {
    const { name, ...role } = this.#role;
    const isForAll = message.type === 'alive' || message.type === 'forget';
    if (name === 'leading' && this.#isAlone && !isForAll) return;
    // A tab that takes no part has no port.
    if (message.type === 'forget') this.#listen();
    const term = name === 'leading' && 'term' in role ? { term: role.term } : {};
    this.#port?.post({ from: this.#self, ...term, message } satisfies Envelope);
  }

  #dispatch(event: TabEvent): void {
    const before = this.#role;
    const role = nextRole(before, event, this.#self);
    if (role === before) return;
    this.#role = role;
    if (before.name === 'leading') this.#handlers.onFollow();
    if (role.name !== before.name) this.#enter(role);
    const leaderTerm = termOf(role);
    if (leaderTerm !== undefined && leaderTerm !== termOf(before)) {
      this.#ask(true);
      this.#handlers.onLeader();
    }
  }

  #enter(role: TabRole): void {
    const { random } = this.#environment;
    this.#timer.cancel();
    if (role.name !== 'leading') this.#giveBack();
    switch (role.name) {
      case 'following':
        this.#giveBack = this.#requestLock(false);
        this.#ask(true);
        this.#askLater();
        return;
      case 'claiming':
        if (this.#locks) this.#giveBack = this.#requestLock(true);
        else this.#timer.restart(random() * CLAIM_SPREAD_MS, () => this.#granted());
        return;
      case 'leading':
        this.post({ type: 'alive' });
        this.#handlers.onLead();
    }
  }

  #requestLock(steal: boolean): () => void {
    const handlers = {
      granted: () => this.#granted(),
      lost: () => this.#dispatch({ type: 'lost' }),
      refused: () => this.#goOnWithoutLocks(),
    };
    return this.#locks?.request(this.#name, { steal }, handlers) ?? (() => {});
  }

  #goOnWithoutLocks(): void {
    this.#locks = undefined;
    this.#enter(this.#role);
  }

  #granted(): void {
    this.#dispatch({ type: 'granted', nowMs: this.#environment.nowMs() });
  }

  #askLater(): void {
    const { random } = this.#environment;
    const [delayMs, spreadMs] = this.#isListening
      ? [LISTEN_MS, LISTEN_SPREAD_MS]
      : [ASK_EVERY_MS, ASK_SPREAD_MS];
    this.#timer.restart(delayMs + random() * spreadMs, () => {
      this.#dispatch({ type: 'asked', patience: this.#isListening ? 0 : PATIENCE });
      if (this.#role.name !== 'following') return;
      this.#ask(this.#role.leader === undefined);
      this.#askLater();
    });
  }

  /** Nothing but a leader's voice tells that there is one. */
  get #isListening(): boolean {
    return this.#locks === undefined && leaderOf(this.#role) === undefined;
  }

  /** A browser may refuse the channel now and allow it later; until then this tab is on its own. */
  #listen(): void {
    try {
      this.#port ??= this.#open(this.#name, (data) => this.#receive(data as Envelope));
    } catch {}
  }

  #ask(joins: boolean): void {
    this.#listen();
    const { isVisible = () => true } = this.#environment;
    this.post({ type: 'ask', joins, isVisible: isVisible(), takesChanges: true });
  }

  #receive({ from, term, message }: Envelope): void {
    this.#isAlone = false;
    if (message.type === 'bye') {
      // The lock of a leader that leaves passes on by itself.
      if (!this.#locks) this.#dispatch({ type: 'gone', from });
      return;
    }
    if (term !== undefined) this.#dispatch({ type: 'heard', from, term });
    if (this.leads && message.type === 'ask') this.post({ type: 'alive' });
    const isForThis = term === undefined ? this.leads : leaderOf(this.#role) === from;
    if (isForThis || message.type === 'forget') this.#handlers.onMessage(message);
  }
}

const leaderOf = (role: TabRole): string | undefined =>
  role.name === 'following' ? role.leader : undefined;

/** Which leader, in which term: one that lost the lead and has it again may not know what others told it in between. */
const termOf = (role: TabRole): string | undefined =>
  role.name === 'following' && role.leader !== undefined
    ? `${role.term} ${role.leader}`
    : undefined;
