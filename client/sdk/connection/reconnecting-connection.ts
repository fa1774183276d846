import type { ServerEvent } from '#protocol/events';
import type { Frame } from '#protocol/frames';
import { ChatClientError, codeOf } from '../basics/errors.ts';
import type { Environment } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import type { StoredSession } from '../storage/session-store.ts';
import { Connection, connectionLost } from './connection.ts';
import { ConnectionHandover } from './connection-handover.ts';
import {
  ASK_AFTER_REFUSALS,
  type ConnectionEvent,
  type ConnectionState,
  nextState,
  offersToken,
  SETTLED_AFTER_MS,
  TRUSTED_REFUSALS,
} from './connection-state.ts';
import type { ReplyTo } from './pending-replies.ts';

/** How long an answer may take that tells whether a connection has outlived a pause of page or network. */
const PROBE_TIMEOUT_MS = 4_000;

/** Servers of an earlier version don't know the question. There a token counts as void once it was refused so often while the network was good. */
const VOID_AFTER_OLD_ANSWERS = 3;

interface ReconnectingConnectionOptions {
  readonly url: string;
  /** @returns the session to resume, if there is one. */
  readonly session: () => StoredSession | undefined;
  /** The server's own word is that this session can't be resumed. */
  readonly onVoid: () => void;
  readonly onProblem: (error: ChatClientError) => void;
  /** A connection is open: say hello on it, then `welcome` it. */
  readonly onOpen: (connection: Connection) => void;
  readonly onEvent: (event: ServerEvent) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** Frames and events over whichever connection there is now; replaces connections that are lost or old. */
export class ReconnectingConnection {
  readonly #environment: Environment;
  readonly #options: ReconnectingConnectionOptions;
  readonly #handover: ConnectionHandover;
  /** Of the state that it is in. */
  readonly #stateTimer: TimerGroup;
  /** Of whoever uses it while it is online. */
  readonly #timers: TimerGroup;
  #state: ConnectionState = { name: 'offline' };
  #current: Connection | undefined;
  #isProbing = false;
  #isDistrusted = false;
  #oldAnswers = 0;

  constructor(environment: Environment, options: ReconnectingConnectionOptions) {
    this.#environment = environment;
    this.#stateTimer = new TimerGroup(environment.timers);
    this.#timers = new TimerGroup(environment.timers);
    this.#options = options;
    this.#handover = new ConnectionHandover(environment.random, () =>
      this.#open(options.session()),
    );
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get isOnline(): boolean {
    return this.#state.name === 'online';
  }

  connect(): void {
    this.#dispatch({ type: 'connect' });
  }

  disconnect(): void {
    this.#dispatch({ type: 'disconnect' });
  }

  /** The page or its network is back: tries at once, or finds out whether the connection is still alive. */
  wake(): void {
    if (this.#state.name === 'waiting') this.connect();
    if (!this.isOnline || this.#isProbing) return;
    this.#isProbing = true;
    const stop = () => {
      this.#isProbing = false;
    };
    this.#current?.request({ action: 'ping' }, PROBE_TIMEOUT_MS).then(stop, stop);
  }

  /** Whether the connection is not given up: it is the one in use, or its successor. */
  uses(connection: Connection): boolean {
    return connection === this.#current || connection === this.#handover.next;
  }

  /**
   * The reply to `hello` is here: frames go over this connection from now on. The former one ends
   * with its last reply, or at once if it belongs to another session.
   */
  welcome(connection: Connection, isOtherSession: boolean): void {
    const former = this.#current;
    this.#current = connection;
    this.#handover.begin(connection);
    this.#isDistrusted = false;
    this.#oldAnswers = 0;
    if (former !== connection && isOtherSession) former?.close();
    else if (former !== connection) former?.drain();
    this.#dispatch({ type: 'welcomed' });
  }

  /** `hello` was refused for good, or the server closes for good. */
  end(reason: string): void {
    this.#dispatch({ type: 'session-ended', reason });
  }

  /** The connection is of no use any more. */
  lose(): void {
    this.#current?.lose();
  }

  /** The server will close this connection soon: another one takes over. */
  replace(): void {
    this.#handover.soon();
  }

  /** The server sends no events on this connection: another one takes over, or it is given up. */
  distrust(): void {
    this.#isDistrusted = true;
    this.replace();
  }

  /** @throws ChatClientError the server's refusal; `unavailable` while not online, and when the connection was lost first. */
  async request<F extends Frame>(frame: F): Promise<ReplyTo<F['action']>> {
    if (this.#current && this.isOnline) return this.#current.request(frame);
    throw connectionLost();
  }

  /** Runs the callback later, unless the client is not online any more before. */
  after(delayMs: number, callback: () => void): void {
    this.#timers.after(delayMs, callback);
  }

  #dispatch(event: ConnectionEvent): void {
    const state = nextState(this.#state, event, this.#environment.random());
    if (state === this.#state) return;
    this.#state = state;
    this.#stateTimer.cancel();
    this.#enter(state);
    this.#options.onState(state);
  }

  #enter(state: ConnectionState): void {
    if (state.name !== 'online') this.#drop();
    switch (state.name) {
      case 'connecting':
        try {
          this.#current = this.#open(offersToken(state) ? this.#options.session() : undefined);
        } catch (error) {
          this.#stateTimer.after(0, () => this.#blocked(error));
        }
        return;
      case 'online':
        this.#stateTimer.after(SETTLED_AFTER_MS, () => this.#dispatch({ type: 'settled' }));
        return;
      case 'waiting':
        this.#stateTimer.after(state.delayMs, () => this.#dispatch({ type: 'timer-fired' }));
    }
  }

  /** The platform throws at the mere attempt: the next one would fare no better. */
  #blocked(error: unknown): void {
    this.#options.onProblem(new ChatClientError('blocked', String(error)));
    this.end('blocked');
  }

  #open(session: StoredSession | undefined): Connection {
    return new Connection(
      this.#environment,
      { url: this.#options.url, session },
      {
        onOpen: (connection) => this.#opened(connection),
        onEvent: this.#options.onEvent,
        onLost: (connection) => this.#lost(connection),
      },
    );
  }

  #opened(connection: Connection): void {
    const { onOpen, session } = this.#options;
    const unsure = offersToken(this.#state) ? undefined : session();
    if (unsure) void this.#ask(connection, unsure);
    else if (this.uses(connection)) onOpen(connection);
  }

  /** The connection was opened without the token: goes on with it in a new session, or with the token on another one. */
  async #ask(connection: Connection, { token }: StoredSession): Promise<void> {
    const { onOpen, onVoid, session } = this.#options;
    const answer = await connection.request({ action: 'checkToken', token }).catch(codeOf);
    if (connection !== this.#current) return;
    const isOld = answer === 'unknown_action';
    if (isOld) this.#oldAnswers += 1;
    const isVoid = isOld
      ? this.#oldAnswers >= VOID_AFTER_OLD_ANSWERS
      : typeof answer === 'object' && !answer.valid;
    // Another tab may have a later one by now.
    if (isVoid && session()?.token === token) {
      onVoid();
      onOpen(connection);
    } else {
      const refusals = isOld ? ASK_AFTER_REFUSALS - 1 : -TRUSTED_REFUSALS;
      this.#dispatch({ type: 'closed', refusals });
    }
  }

  #lost(connection: Connection): void {
    if (connection === this.#current) {
      this.#dispatch({ type: 'closed', refusals: this.#refusalsAfter(connection) });
    } else if (connection === this.#handover.next) {
      if (this.#isDistrusted) this.lose();
      else this.#handover.failed();
    }
  }

  /** Browsers don't tell whether the token, a throttled server or the network was at fault. */
  #refusalsAfter({ session, isOpen }: Connection): number {
    const isRefused = session && !isOpen;
    return isRefused && this.#state.name === 'connecting' ? this.#state.refusals + 1 : 0;
  }

  #drop(): void {
    this.#timers.cancel();
    this.#handover.stop();
    this.#isDistrusted = false;
    this.#current?.close();
    this.#current = undefined;
  }
}
