import type { ServerEvent } from '#protocol/events';
import type { Frame } from '#protocol/frames';
import { ChatClientError, codeOf } from '../basics/errors.ts';
import type { Environment } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import type { StoredSession } from '../storage/session-store.ts';
import {
  ASK_AFTER_REFUSALS,
  type ConnectionEvent,
  type ConnectionState,
  nextState,
  offersToken,
  SETTLED_AFTER_MS,
  TRUSTED_REFUSALS,
} from './connection-state.ts';
import { connectionLost, Link } from './link.ts';
import type { ReplyTo } from './pending-replies.ts';
import { RollOver } from './roll-over.ts';

/** How long an answer may take that tells whether a connection has outlived a pause of page or network. */
export const PROBE_TIMEOUT_MS = 4_000;

/** Servers of an earlier version can't be asked: a token is void there once it was refused so often while the network was good. */
const VOID_AFTER_DOUBTS = 3;

export interface LineOptions {
  readonly url: string;
  /** @returns the session to resume, if there is one. */
  readonly session: () => StoredSession | undefined;
  /** The server's own word is that this session can't be resumed. */
  readonly onVoid: () => void;
  readonly onProblem: (error: ChatClientError) => void;
  /** A link is open: say hello on it, then `welcome` it. */
  readonly onOpen: (link: Link) => void;
  readonly onEvent: (event: ServerEvent) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** Frames and events over whichever link there is now; replaces links that are lost or old. */
export class Line {
  readonly #environment: Environment;
  readonly #options: LineOptions;
  readonly #rollOver: RollOver;
  readonly #timers: TimerGroup;
  #state: ConnectionState = { name: 'offline' };
  #link: Link | undefined;
  #cancelTimer: () => void = () => {};
  #isProbing = false;
  #isDistrusted = false;
  #doubts = 0;

  constructor(environment: Environment, options: LineOptions) {
    this.#environment = environment;
    this.#timers = new TimerGroup(environment.timers);
    this.#options = options;
    this.#rollOver = new RollOver(environment.random, () => this.#open(options.session()));
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

  /** The page or its network is back: tries at once, or finds out whether the link is still alive. */
  wake(): void {
    if (this.#state.name === 'waiting') this.connect();
    if (!this.isOnline || this.#isProbing) return;
    this.#isProbing = true;
    const stop = () => {
      this.#isProbing = false;
    };
    this.#link?.request({ action: 'ping' }, PROBE_TIMEOUT_MS).then(stop, stop);
  }

  /** Whether the link is not given up: it is the one in use, or its successor. */
  uses(link: Link): boolean {
    return link === this.#link || link === this.#rollOver.next;
  }

  /**
   * The reply to `hello` is here: frames go over this link from now on. The former one ends
   * with its last reply, or at once if it belongs to another session.
   */
  welcome(link: Link, isOtherSession: boolean): void {
    const former = this.#link;
    this.#link = link;
    this.#rollOver.begin(link);
    this.#isDistrusted = false;
    this.#doubts = 0;
    if (former !== link && isOtherSession) former?.close();
    else if (former !== link) former?.drain();
    this.#dispatch({ type: 'welcomed' });
  }

  /** `hello` was refused for good, or the server closes for good. */
  end(reason: string): void {
    this.#dispatch({ type: 'session-ended', reason });
  }

  /** The connection is of no use any more. */
  lose(): void {
    this.#link?.lose();
  }

  /** The server will close this connection soon: another one takes over. */
  replace(): void {
    this.#rollOver.soon();
  }

  /** The server sends no events on this connection: another one takes over, or it is given up. */
  distrust(): void {
    this.#isDistrusted = true;
    this.replace();
  }

  /** @throws ChatClientError the server's refusal; `unavailable` while not online, and when the connection was lost first. */
  async request<F extends Frame>(frame: F): Promise<ReplyTo<F['action']>> {
    if (this.#link && this.isOnline) return this.#link.request(frame);
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
    this.#cancelTimer();
    this.#cancelTimer = this.#enter(state);
    this.#options.onState(state);
  }

  /** @returns how to cancel the timer that was set. */
  #enter(state: ConnectionState): () => void {
    const { timers } = this.#environment;
    if (state.name !== 'online') this.#drop();
    switch (state.name) {
      case 'connecting':
        try {
          this.#link = this.#open(offersToken(state) ? this.#options.session() : undefined);
        } catch (error) {
          return timers.after(0, () => this.#blocked(error));
        }
        break;
      case 'online':
        return timers.after(SETTLED_AFTER_MS, () => this.#dispatch({ type: 'settled' }));
      case 'waiting':
        return timers.after(state.delayMs, () => this.#dispatch({ type: 'timer-fired' }));
    }
    return () => {};
  }

  /** The platform throws at the mere attempt: the next one would fare no better. */
  #blocked(error: unknown): void {
    this.#options.onProblem(new ChatClientError('blocked', String(error)));
    this.end('blocked');
  }

  #open(session: StoredSession | undefined): Link {
    return new Link(
      this.#environment,
      { url: this.#options.url, session },
      {
        onOpen: (link) => this.#opened(link),
        onEvent: this.#options.onEvent,
        onLost: (link) => this.#lost(link),
      },
    );
  }

  #opened(link: Link): void {
    const { onOpen, session } = this.#options;
    const unsure = offersToken(this.#state) ? undefined : session();
    if (unsure) void this.#ask(link, unsure);
    else if (this.uses(link)) onOpen(link);
  }

  /** The link was opened without the token: goes on with it in a new session, or with the token on another one. */
  async #ask(link: Link, { token }: StoredSession): Promise<void> {
    const { onOpen, onVoid, session } = this.#options;
    const answer = await link.request({ action: 'checkToken', token }).catch(codeOf);
    if (link !== this.#link) return;
    const isOld = answer === 'unknown_action';
    if (isOld) this.#doubts += 1;
    const isVoid = isOld
      ? this.#doubts >= VOID_AFTER_DOUBTS
      : typeof answer === 'object' && !answer.valid;
    // Another tab may have a later one by now.
    if (isVoid && session()?.token === token) {
      onVoid();
      onOpen(link);
    } else {
      const refusals = isOld ? ASK_AFTER_REFUSALS - 1 : -TRUSTED_REFUSALS;
      this.#dispatch({ type: 'closed', refusals });
    }
  }

  #lost(link: Link): void {
    if (link === this.#link) {
      this.#dispatch({ type: 'closed', refusals: this.#refusalsAfter(link) });
    } else if (link === this.#rollOver.next) {
      if (this.#isDistrusted) this.lose();
      else this.#rollOver.failed();
    }
  }

  /** Browsers don't tell whether the token, a throttled server or the network was at fault. */
  #refusalsAfter({ session, isOpen }: Link): number {
    const isRefused = session && !isOpen;
    return isRefused && this.#state.name === 'connecting' ? this.#state.refusals + 1 : 0;
  }

  #drop(): void {
    this.#timers.cancel();
    this.#rollOver.stop();
    this.#isDistrusted = false;
    this.#link?.close();
    this.#link = undefined;
  }
}
