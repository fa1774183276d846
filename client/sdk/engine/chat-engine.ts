import type { ServerEvent } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import type { ConnectionState } from '../connection/connection-state.ts';
import { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import { applyEvent, withOutbox } from '../model/apply-event.ts';
import { loseTouch } from '../model/catch-up.ts';
import { stopTyping } from '../model/chat-life.ts';
import type { ChatModel } from '../model/chat-model.ts';
import type { ModelStore } from '../model/model-store.ts';
import { LONE_WINDOW, MAX_OUTBOX_ENTRIES, type OutboxEntry, withoutSaid } from '../model/outbox.ts';
import type { EarlierMessages } from '../model/window.ts';
import { applyOutboxCommand, type Command } from '../outbox/command.ts';
import { OutboxSender } from '../outbox/outbox-sender.ts';
import type { Environment } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import type { StoredSession } from '../storage/session-store.ts';
import { HistoryReader } from './history-reader.ts';
import { HoldWatch } from './hold-watch.ts';
import { QuietWatch } from './quiet-watch.ts';
import { ReadMarker } from './read-marker.ts';
import { SessionKeeper, type SessionKeeperOptions } from './session-keeper.ts';
import { TypingTeller } from './typing-teller.ts';

/** The agent is not typing any more if no event has said so again. */
const TYPING_MS = 6_000;
const LONGEST_TYPING_MS = 60_000;

interface EngineOptions extends SessionKeeperOptions {
  readonly url: string;
  /** @returns the session to resume, if there is one. */
  readonly session: () => StoredSession | undefined;
  readonly onConnection: () => void;
}

/** Keeps the model and the server in step: the work of the tab that leads. */
export class ChatEngine {
  readonly #store: ModelStore;
  readonly #onConnection: () => void;
  readonly #connection: ReconnectingConnection;
  readonly #sender: OutboxSender;
  readonly #reader: HistoryReader;
  readonly #keeper: SessionKeeper;
  readonly #holds: HoldWatch;
  readonly #quiet: QuietWatch;
  readonly #marker: ReadMarker;
  readonly #teller: TypingTeller;
  readonly #typing: TimerGroup;

  constructor(environment: Environment, store: ModelStore, options: EngineOptions) {
    const { random, timers, isVisible = () => true } = environment;
    this.#store = store;
    this.#onConnection = options.onConnection;
    const connection = new ReconnectingConnection(environment, {
      url: options.url,
      session: options.session,
      onProblem: options.onProblem,
      onVoid: () => this.#keeper.lost('void'),
      onOpen: (opened) => void this.#keeper.greet(opened),
      onEvent: (event) => this.#receive(event),
      onState: (state) => this.#enter(state),
    });
    const window = environment.broadcast ? MAX_OUTBOX_ENTRIES : LONE_WINDOW;
    const sender = new OutboxSender(connection, store, {
      random,
      window,
      mayOpenChat: () => this.#keeper.isIntroduced,
    });
    // No event gets through: what is on its way is sent again over a connection that tells what becomes of it.
    const distrust = () => {
      this.#quiet.suspect();
      sender.hold();
      sender.resend();
      connection.distrust();
    };
    const sendNext = () => sender.sendNext();
    const reader = new HistoryReader(connection, store, random, {
      onPage: sendNext,
      onUntold: distrust,
    });
    this.#connection = connection;
    this.#sender = sender;
    this.#reader = reader;
    this.#keeper = new SessionKeeper({ connection, store, sender, reader }, options);
    this.#holds = new HoldWatch(timers, store, reader, sendNext);
    this.#marker = new ReadMarker(connection, store, timers);
    this.#teller = new TypingTeller(connection, store);
    this.#typing = new TimerGroup(timers);
    this.#quiet = new QuietWatch(timers, {
      model: () => store.model,
      check: () => reader.read(),
      resend: distrust,
      isVisible,
    });
  }

  get connection(): ConnectionState {
    return this.#connection.state;
  }

  /** Stays connected from now on; called again, cuts a wait short. */
  start(): void {
    if (this.#connection.state.name === 'offline') this.#holds.watch(this.#store.model.held);
    this.#connection.connect();
  }

  stop(): void {
    this.#connection.disconnect();
    this.#holds.stop();
    this.#typing.cancel();
    this.#store.update(stopTyping);
  }

  /** Whoever comes next is another customer. */
  forget(): void {
    this.#keeper.forget();
  }

  /** Somebody looks at a tab. */
  seen(): void {
    if (this.#connection.isOnline) this.#quiet.seen();
  }

  /** To be called after each change of the model. */
  changed(model: ChatModel, before: ChatModel): void {
    this.#holds.changed(model, before);
  }

  /** Adds a message, and sends it as soon as its turn has come. */
  send(entry: OutboxEntry): void {
    this.#sender.sendNext((model) => applyOutboxCommand(model, { name: 'add', entry }));
  }

  /** @throws ChatClientError the server's refusal; `unavailable` for what needs a connection. */
  async run(command: Command): Promise<unknown> {
    switch (command.name) {
      case 'readEarlier':
        return this.#readEarlier(command.before);
      case 'ask':
        return this.#connection.request(command.frame);
      case 'add':
      case 'retry':
      case 'discard':
      case 'progress':
      case 'fail':
        return this.#sender.sendNext((model) => applyOutboxCommand(model, command));
      case 'markRead':
        return this.#marker.mark(command.index);
      case 'setProfile':
        return this.#keeper.setProfile(command.profile);
      case 'startChat':
        return this.#keeper.startChat();
      case 'endChat':
        await this.#connection.request({ action: 'endChat' });
        return undefined;
      case 'typing':
        return this.#teller.tell();
      case 'wake':
        this.#connection.wake();
        return this.seen();
    }
  }

  async #readEarlier(before: Cursor): Promise<EarlierMessages> {
    const earlier = await this.#reader.readEarlier(before);
    // What seemed to have failed may be among them.
    this.#store.update((model) => withOutbox(model, withoutSaid(model.outbox, earlier.messages)));
    return earlier;
  }

  #receive(event: ServerEvent): void {
    // Set before a listener hears of the event: it may disconnect, which cancels this.
    if (event.type === 'typing') {
      const forMs = Math.min(Number(event.expiresInMs) || TYPING_MS, LONGEST_TYPING_MS);
      this.#typing.restart(forMs, () => this.#store.update(stopTyping));
    }
    this.#store.update((model) => applyEvent(model, event), true);
    this.#sender.sendNext();
    if (event.type === 'closing') this.#keeper.closing(event);
    // The last messages before the end may be lost, or the end itself that a rejection speaks of: no quiet check follows.
    if (event.type === 'ended' || event.type === 'rejected') this.#reader.read();
    // Other replies say nothing about whether events get through.
    if (this.#connection.isOnline && (event.ref === undefined || event.type === 'accepted')) {
      this.#quiet.heard();
    }
  }

  #enter(state: ConnectionState): void {
    if (state.name === 'online') {
      this.#quiet.heard();
      this.#quiet.seen();
      this.#marker.tell();
      this.#teller.online();
    } else {
      this.#sender.hold();
      this.#reader.stop();
      this.#quiet.stop();
      this.#store.update(loseTouch);
    }
    this.#onConnection();
  }
}
