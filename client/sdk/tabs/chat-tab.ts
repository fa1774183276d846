import type { Profile } from '#protocol/frames';
import { ChatClientError, codeOf } from '../basics/errors.ts';
import type { ConnectionState } from '../connection/connection-state.ts';
import type { ReplyTo } from '../connection/pending-replies.ts';
import { ChatEngine } from '../engine/chat-engine.ts';
import { applySeen } from '../model/chat-life.ts';
import { type ChatModel, EMPTY_MODEL, type LossCause } from '../model/chat-model.ts';
import { ModelStore } from '../model/model-store.ts';
import { markUnverified, mergeOutboxes, type OutboxEntry } from '../model/outbox.ts';
import { takeOver } from '../model/take-over.ts';
import { type TimelineItem, timelineOf } from '../model/timeline.ts';
import type { Message } from '../model/transcript.ts';
import { addEarlier, type EarlierMessages, hasEarlier } from '../model/window.ts';
import type { AskFrame, Command } from '../outbox/command.ts';
import type { Environment } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import { DurableStore } from '../storage/durable-store.ts';
import type { StoredSession } from '../storage/session-store.ts';
import { Follower } from './follower.ts';
import type { Membership } from './lone-tab.ts';
import { Sharing } from './sharing.ts';
import { openTabs } from './tab-group.ts';
import type { Shared, TabMessage } from './tab-message.ts';

/** A page that wakes up has heard all messages that waited for it by then. */
const HEAR_OUT_MS = 50;

/** Agents are shown for 6 s that a customer is writing. */
const TYPING_EVERY_MS = 4_000;

interface ChatTabOptions {
  readonly url: string;
  readonly profile: Profile | undefined;
  readonly onChange: () => void;
  /** This tab takes no part any more, whichever tab has decided so. */
  readonly onForgotten: () => void;
  /** @param once this tab is the one that tells what must be told once. */
  readonly onMessage: (message: Message, once: boolean) => void;
  readonly onIdle: (idle: { readonly chat: number; readonly endsAt: string }) => void;
  readonly onReplaced: (replaced: {
    readonly cause: LossCause;
    readonly timeline: readonly TimelineItem[];
  }) => void;
  readonly onProblem: (error: ChatClientError) => void;
}

/** This tab's part in the session: it leads and talks to the server, or follows the tab that does. */
export class ChatTab {
  readonly store: ModelStore;
  readonly #environment: Environment;
  readonly #options: ChatTabOptions;
  readonly #durable: DurableStore;
  readonly #engine: ChatEngine;
  readonly #tabs: Membership;
  readonly #follower: Follower;
  readonly #typing: TimerGroup;
  readonly #sharing: Sharing;

  constructor(environment: Environment, options: ChatTabOptions) {
    const { broadcast, newId } = environment;
    const page = broadcast && newId();
    this.#environment = environment;
    this.#options = options;
    this.#typing = new TimerGroup(environment.timers);
    this.#durable = new DurableStore(environment, options.url, page);
    this.store = new ModelStore({
      onChange: (model, before) => {
        if (this.#checkLead()) this.#engine.changed(model, before);
        this.#announce(model, before);
        this.#changed();
      },
      onSaid: (messages) => this.#said(messages),
    });
    this.#engine = new ChatEngine(environment, this.store, {
      ...options,
      session: () => this.#durable.session.current,
      onSession: (session) => this.#keep(session),
      onConnection: () => this.#changed(),
    });
    const handlers = {
      onLead: () => this.#lead(),
      onFollow: () => this.#engine.stop(),
      onLeader: () => this.#follower.meetLeader(),
      onMessage: (message: TabMessage) => this.#receive(message),
    };
    this.#tabs = openTabs(environment, options.url, page, handlers);
    const parts = { store: this.store, durable: this.#durable };
    const post = (message: TabMessage) => this.#tabs.post(message);
    this.#follower = new Follower(environment, parts, post);
    this.#sharing = new Sharing(environment.timers, post);
  }

  get connection(): ConnectionState {
    return this.#follows ? this.#follower.connection : this.#engine.connection;
  }

  /** Whether messages that are not delivered yet survive a reload. */
  get persistent(): boolean {
    const { shared } = this.#follower;
    return this.#follows && shared ? shared.persistent : this.#durable.works;
  }

  /** Takes part from now on; called again, cuts a wait short. */
  connect(): void {
    if (this.#tabs.isDetached) this.#join();
    else if (this.#tabs.leads) this.#engine.start();
    else this.tell({ name: 'wake' });
  }

  disconnect(): void {
    if (this.#tabs.isDetached) return;
    this.#tabs.leave();
    this.#follower.leave();
    this.#typing.cancel();
    this.#changed();
  }

  /** Ends the browser's part in the session: nothing of it is left, here, in other tabs, and in storage. */
  forget(): void {
    const sessionId = this.#durable.session.current?.sessionId ?? this.store.model.sessionId;
    this.#tabs.post({ type: 'forget', sessionId });
    this.#forget(sessionId);
  }

  /** The page is left, perhaps for good. Another tab takes the lead at once. */
  leave(): void {
    this.#keepAll();
    this.#tabs.leave();
  }

  /** The page or its network is back. */
  wake(): void {
    this.#keepAll();
    if (this.#tabs.isDetached) this.#join();
    else this.tell({ name: 'wake' });
  }

  /** Stores the message first, unless the page has never connected; then this tab sends it, or hands it to the one that leads. */
  send(entry: OutboxEntry): void {
    this.#durable.add(entry);
    this.#follower.unacknowledged.wrote(entry, this.store.model.outbox);
    if (this.#checkLead()) this.#engine.send(entry);
    else this.#follower.send(entry, this.#tabs.isDetached);
  }

  /** The leading tab tells the server; without one, the next to lead does. */
  setProfile(profile: Profile): void {
    if (!this.#checkLead()) this.#follower.told(profile);
    this.tell({ name: 'setProfile', profile });
  }

  /** @throws ChatClientError as `run`. */
  async loadEarlier(): Promise<void> {
    const { from, sessionId } = this.store.model;
    if (!from || !hasEarlier(this.store.model)) return;
    const earlier = await this.#call<EarlierMessages>({ name: 'readEarlier', before: from });
    const add = (model: ChatModel) =>
      model.sessionId === sessionId ? addEarlier(model, from, earlier) : model;
    if (this.#follows) this.#follower.add(add);
    else this.store.update(add);
  }

  /** @throws ChatClientError as `run`. */
  ask<F extends AskFrame>(frame: F): Promise<ReplyTo<F['action']>> {
    return this.#call({ name: 'ask', frame });
  }

  /** @throws ChatClientError what the leading tab or the server throws. */
  run(command: Command): Promise<unknown> {
    return this.#follows ? this.#follower.run(command) : this.#engine.run(command);
  }

  /** Like `run`, for commands that are told again at another time if they are lost. */
  tell(command: Command): void {
    this.run(command).catch(() => {});
  }

  /** The customer writes in this tab. */
  typing(): void {
    if (!this.#typing.isEmpty) return;
    this.#typing.after(TYPING_EVERY_MS, () => {});
    this.tell({ name: 'typing' });
  }

  async #call<Reply>(command: Command): Promise<Reply> {
    const reply = await this.run(command);
    // A leading tab of an earlier version does not know the command.
    if (!reply) throw new ChatClientError('unavailable');
    return reply as Reply;
  }

  #join(): void {
    const { sessionId } = this.store.model;
    // The page was away while another one forgot the session.
    if (sessionId && this.#durable.isForgotten(sessionId)) this.#reset();
    this.#durable.open(this.#follower.unacknowledged.entries);
    this.#tabs.join();
  }

  #forget(sessionId: string | undefined): void {
    this.#tabs.leave();
    this.#durable.forget(sessionId);
    this.#reset();
    this.#options.onForgotten();
    this.#changed();
  }

  #reset(): void {
    this.#durable.session.release();
    this.#follower.reset();
    this.#engine.forget();
    this.store.update(() => EMPTY_MODEL);
  }

  get #follows(): boolean {
    return !this.#tabs.leads && !this.#tabs.isDetached;
  }

  #lead(): void {
    this.#durable.claim();
    const { shared, unacknowledged } = this.#follower;
    const stored = mergeOutboxes(this.#durable.outbox.load(), unacknowledged.entries);
    this.#follower.reset();
    // Storage failed or was cleared: only this tab's and the former leader's memory is left.
    const isCleared = shared?.session !== undefined && !this.#durable.session.isStored;
    const works = !isCleared && this.#durable.works && shared?.persistent !== false;
    if (!works && shared?.session) this.#durable.session.save(shared.session);
    const sessionId = this.#durable.session.current?.sessionId;
    const seenUpTo = this.#durable.seenIn(sessionId);
    this.store.update((model) => {
      const outbox = works ? stored : mergeOutboxes(stored, markUnverified(model.outbox));
      const taken = takeOver(model, sessionId, outbox);
      return seenUpTo ? applySeen(taken, seenUpTo) : taken;
    });
    this.#engine.start();
  }

  #receive(message: TabMessage): void {
    switch (message.type) {
      case 'ask':
        // A leader that was deposed while it slept has nothing to share.
        if (!this.#keepAll()) return;
        if (message.isVisible) this.#engine.seen();
        this.#sharing.asked(message, this.#shared);
        return;
      case 'shared':
        this.#follower.hear(message);
        return;
      case 'changed':
        this.#follower.hearChange(message);
        return;
      case 'said':
        this.#announceAll(message.messages, false);
        return;
      case 'call':
        // Storage can't tell whether this tab was deposed while it slept: its successor may, if it is heard first.
        if (this.#durable.hasFailed)
          this.#environment.timers.after(HEAR_OUT_MS, () => this.#obey(message));
        else this.#obey(message);
        return;
      case 'reply':
        this.#follower.settle(message);
        return;
      case 'forget': {
        const { sessionId = message.sessionId } = this.store.model;
        if ((message.sessionId ?? sessionId) === sessionId) this.#forget(sessionId);
        return;
      }
    }
  }

  #obey({ id, command }: Extract<TabMessage, { type: 'call' }>): void {
    // Whoever called a deposed leader has given up, and asks who leads now.
    if (!this.#checkLead()) return;
    this.#engine.run(command).then(
      (earlier) => this.#tabs.post({ type: 'reply', id, earlier }),
      (error: unknown) => this.#tabs.post({ type: 'reply', id, code: codeOf(error) }),
    );
  }

  /** A tab that was frozen and deposed finds out before it does anything. */
  #checkLead(): boolean {
    if (this.#tabs.leads && !this.#durable.isOwn) this.#tabs.stepDown();
    return this.#tabs.leads;
  }

  #announce({ chat, endsAt, replaced, sessionId }: ChatModel, before: ChatModel): void {
    const { onIdle, onReplaced } = this.#options;
    if (sessionId && before.sessionId && before.sessionId !== sessionId) {
      onReplaced({ cause: replaced ?? 'unknown', timeline: timelineOf(before) });
    }
    if (chat && endsAt && endsAt !== before.endsAt) onIdle({ chat: chat.number, endsAt });
  }

  #said(messages: readonly Message[]): void {
    if (!this.#tabs.leads) return;
    this.#announceAll(messages, true);
    this.#tabs.post({ type: 'said', messages });
  }

  #announceAll(messages: readonly Message[], once: boolean): void {
    for (const message of messages) this.#options.onMessage(message, once);
  }

  #keep(session: StoredSession | undefined): void {
    if (this.#durable.isOwn) this.#durable.session.save(session);
    this.#changed();
  }

  #changed(): void {
    if (this.#keepAll()) this.#sharing.share(this.#shared);
    this.#options.onChange();
  }

  /** The site may have cleared its storage since. @returns whether this tab leads. */
  #keepAll(): boolean {
    const leads = this.#checkLead();
    const { outbox, seenUpTo, sessionId } = this.store.model;
    if (leads) {
      this.#durable.keep(outbox);
      this.#durable.keepSeen(sessionId, seenUpTo);
    }
    return leads;
  }

  get #shared(): Shared {
    const { connection, persistent } = this;
    const session = this.#durable.session.current;
    return { model: this.store.model, connection, persistent, session };
  }
}
