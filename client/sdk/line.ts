import { parseEvent, type ServerEvent } from '#protocol/events';
import type { Frame } from '#protocol/frames';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Environment } from './environment.ts';
import { ChatClientError } from './errors.ts';
import { type ReplyTo, Requests } from './requests.ts';

/** API Gateway closes a connection after 10 minutes of silence. */
export const PING_EVERY_MS = 5 * 60_000;

export interface LineOptions extends Pick<ConnectionOptions, 'url' | 'protocols' | 'onOpen'> {
  readonly onEvent: (event: ServerEvent) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** Frames and events over whichever connection there is now. */
export class Line {
  readonly #environment: Environment;
  readonly #options: LineOptions;
  readonly #connection: Connection;
  readonly #requests: Requests;
  readonly #timers = new Set<() => void>();

  constructor(environment: Environment, options: LineOptions) {
    this.#environment = environment;
    this.#options = options;
    this.#requests = new Requests(environment.timers, () => this.lose());
    this.#connection = new Connection(environment, {
      ...options,
      onText: (text) => this.#receive(text),
      onState: (state) => this.#enter(state),
    });
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  get isOnline(): boolean {
    return this.state.name === 'online';
  }

  /** From `waiting`, without the rest of the wait. */
  connect(): void {
    this.#connection.dispatch({ type: 'connect' });
  }

  disconnect(): void {
    this.#connection.dispatch({ type: 'disconnect' });
  }

  /** The reply to `hello` is here. */
  welcome(): void {
    this.#connection.dispatch({ type: 'welcomed' });
    this.#pingLater();
  }

  /** Gives this connection up; another one is tried. */
  lose(): void {
    this.#connection.dispatch({ type: 'closed' });
  }

  /** No other connection is tried. */
  end(reason: string): void {
    this.#connection.dispatch({ type: 'session-ended', reason });
  }

  /** @throws ChatClientError the server's refusal; `unavailable` when the connection was lost first. */
  request<F extends Frame>(frame: F): Promise<ReplyTo<F['action']>> {
    return this.#requests.send(frame, (text) => this.#connection.send(text));
  }

  /** Runs the callback later, unless the connection is lost before. */
  after(delayMs: number, callback: () => void): void {
    const cancel = this.#environment.timers.after(delayMs, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
  }

  #receive(text: string): void {
    const event = parseEvent(text);
    if (event === undefined) return;
    this.#requests.settle(event);
    this.#options.onEvent(event);
  }

  #enter(state: ConnectionState): void {
    if (state.name !== 'online') {
      for (const cancel of this.#timers) cancel();
      this.#timers.clear();
      this.#requests.failAll(new ChatClientError('unavailable', 'the connection was lost'));
    }
    this.#options.onState(state);
  }

  #pingLater(): void {
    this.after(PING_EVERY_MS, () => {
      const ignore = () => {};
      this.request({ action: 'ping' }).catch(ignore);
      this.#pingLater();
    });
  }
}
