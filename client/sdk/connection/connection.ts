import type { ServerEvent } from '#protocol/events';
import type { Frame } from '#protocol/frames';
import { SUBPROTOCOL } from '#protocol/limits';
import { ChatClientError } from '../basics/errors.ts';
import type { ChatSocket, Environment } from '../platform/environment.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import type { StoredSession } from '../storage/session-store.ts';
import { parseEvent } from './parse-event.ts';
import { asReplyTo, PendingReplies, type ReplyTo } from './pending-replies.ts';

/** API Gateway gives up on a handler after 29 s; a reply this late is not worth waiting for. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** A handshake that takes longer hangs. */
const OPEN_TIMEOUT_MS = 10_000;

/** API Gateway closes a connection after 10 minutes of silence. */
const PING_EVERY_MS = 5 * 60_000;

interface ConnectionOptions {
  readonly url: string;
  /** Resumed by its token; absent: a new one begins. */
  readonly session: StoredSession | undefined;
}

interface ConnectionHandlers {
  /** The handshake is through. */
  readonly onOpen: (connection: Connection) => void;
  readonly onEvent: (event: ServerEvent) => void;
  /** Closed by the server or the network, or found dead; not by `close`. */
  readonly onLost: (connection: Connection) => void;
}

/** One socket from handshake to close, with the frames that wait for a reply on it. */
export class Connection {
  /** The one that was offered to be resumed. */
  readonly session: StoredSession | undefined;
  readonly #timers: TimerGroup;
  readonly #handlers: ConnectionHandlers;
  /** Frames that wait for their reply, by their `ref`. */
  readonly #requests: PendingReplies<ServerEvent>;
  readonly #socket: ChatSocket;
  #lastRef = 0;
  #isOpen = false;
  #isClosed = false;
  #isDraining = false;

  constructor(
    environment: Environment,
    { url, session }: ConnectionOptions,
    handlers: ConnectionHandlers,
  ) {
    this.session = session;
    this.#timers = new TimerGroup(environment.timers);
    this.#handlers = handlers;
    this.#requests = new PendingReplies(environment.timers);
    const offers = [SUBPROTOCOL, ...(session ? [`token.${session.token}`] : [])];
    const socket = environment.createSocket(url, offers);
    this.#socket = socket;
    socket.onopen = () => this.#open();
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') this.#receive(data);
    };
    // Node 22 tells of a refused handshake by an error alone.
    socket.onclose = socket.onerror = () => this.lose();
    this.after(OPEN_TIMEOUT_MS, () => this.#isOpen || this.lose());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws ChatClientError the server's refusal; `unavailable` when the connection was lost first. */
  async request<F extends Frame>(
    frame: F,
    timeoutMs: number = REQUEST_TIMEOUT_MS,
  ): Promise<ReplyTo<F['action']>> {
    if (this.#isClosed) throw connectionLost();
    this.#lastRef += 1;
    const ref = `${this.#lastRef}`;
    // A connection without replies is dead.
    const reply = this.#requests.open(ref, timeoutMs, () => this.lose());
    this.#socket.send(JSON.stringify({ ...frame, ref }));
    return asReplyTo<F['action']>(frame.action, await reply);
  }

  /** Runs the callback later, unless the connection is closed before. */
  after(delayMs: number, callback: () => void): void {
    if (!this.#isClosed) this.#timers.after(delayMs, callback);
  }

  /** Closes as soon as no frame waits for its reply; events are heard until then. */
  drain(): void {
    this.#isDraining = true;
    if (this.#requests.isEmpty) this.close();
  }

  /** Closes at once: nothing more is heard of the server. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timers.cancel();
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // The package `ws` throws an error that nobody listens to.
    socket.onerror = () => {};
    socket.close();
    this.#requests.failAll(connectionLost());
  }

  /** Gives the connection up. */
  lose(): void {
    if (this.#isClosed) return;
    this.close();
    this.#handlers.onLost(this);
  }

  #open(): void {
    this.#isOpen = true;
    this.#pingLater();
    this.#handlers.onOpen(this);
  }

  #receive(text: string): void {
    const event = parseEvent(text);
    if (event === undefined) return;
    const answer = event.type === 'error' ? new ChatClientError(event.code, event.message) : event;
    if (event.ref !== undefined) this.#requests.settle(event.ref, answer);
    // API Gateway's own error names no frame. All frames may be repeated, so all count as lost.
    else if (answer instanceof ChatClientError) this.#requests.failAll(answer);
    this.#handlers.onEvent(event);
    if (this.#isDraining) this.drain();
  }

  #pingLater(): void {
    this.after(PING_EVERY_MS, () => {
      this.request({ action: 'ping' }).catch(() => {});
      this.#pingLater();
    });
  }
}

export const connectionLost = () => new ChatClientError('unavailable', 'there is no connection');
