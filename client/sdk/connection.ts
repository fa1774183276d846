import {
  type ConnectionEvent,
  type ConnectionState,
  nextState,
  SETTLED_AFTER_MS,
} from './connection-state.ts';
import type { ChatSocket, Environment } from './environment.ts';

/** From opening the socket to the reply to `hello`. */
export const CONNECT_TIMEOUT_MS = 20_000;

export interface ConnectionOptions {
  readonly url: string;
  /** What to offer besides the protocol's name. @param withToken whether a token may be among it. */
  readonly protocols: (withToken: boolean) => {
    readonly names: string[];
    readonly hasToken: boolean;
  };
  /** The handshake is through. */
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** Owns the one socket and the one timer that the connection's state asks for. */
export class Connection {
  readonly #environment: Environment;
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { name: 'offline' };
  #socket: ChatSocket | undefined;
  #cancelTimer: () => void = () => {};

  constructor(environment: Environment, options: ConnectionOptions) {
    this.#environment = environment;
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get isOnline(): boolean {
    return this.#state.name === 'online';
  }

  dispatch(event: ConnectionEvent): void {
    const state = nextState(this.#state, event, this.#environment.random());
    if (state === this.#state) return;
    this.#state = state;
    this.#cancelTimer();
    this.#cancelTimer = this.#enter(state);
    this.#options.onState(state);
  }

  /** Only while a socket is open. */
  send(text: string): void {
    this.#socket?.send(text);
  }

  /** @returns how to cancel the timer that was set. */
  #enter(state: ConnectionState): () => void {
    const { timers } = this.#environment;
    if (state.name !== 'online') this.#dropSocket();
    switch (state.name) {
      case 'connecting':
        this.#openSocket(state.withToken);
        return timers.after(CONNECT_TIMEOUT_MS, () => this.dispatch({ type: 'closed' }));
      case 'online':
        return timers.after(SETTLED_AFTER_MS, () => this.dispatch({ type: 'settled' }));
      case 'waiting':
        return timers.after(state.delayMs, () => this.dispatch({ type: 'timer-fired' }));
      default:
        return () => {};
    }
  }

  #openSocket(withToken: boolean): void {
    const { names, hasToken } = this.#options.protocols(withToken);
    const socket = this.#environment.createSocket(this.#options.url, names);
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#options.onOpen();
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') this.#options.onText(data);
    };
    socket.onclose = () => this.dispatch({ type: hasToken && !opened ? 'refused' : 'closed' });
    this.#socket = socket;
  }

  /** What a dropped socket still has to say is not heard. */
  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
