import type { WebSocket } from 'ws';
import type { Clock } from '#local/clock';
import type { Watch } from '#local/wire/wire';
import type { ConnectionFacts } from './socket-events.ts';

export interface ConnectionLimits {
  /** Without a message in either direction. */
  readonly idleMs: number;
  readonly lifeMs: number;
}

/** Source: API Gateway developer guide, "Quotas for configuring and running a WebSocket API". */
export const CONNECTION_LIMITS: ConnectionLimits = { idleMs: 10 * 60_000, lifeMs: 2 * 3_600_000 };

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** API Gateway closes so at both limits. */
const GOING_AWAY: Closing = { code: 1001, reason: 'Going away' };

/** One open WebSocket, until the first of: the client closes, a limit passes, somebody ends it. */
export class Connection {
  readonly facts: ConnectionFacts;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #onEnd: (closing: Closing) => void;
  readonly #watch: Watch;
  readonly #cancelLife: () => void;
  #cancelIdle: () => void = () => {};
  #lastActiveAtMs: number;
  #isEnded = false;

  constructor(
    facts: ConnectionFacts,
    socket: WebSocket,
    clock: Clock,
    limits: ConnectionLimits,
    onEnd: (closing: Closing) => void,
    watch: Watch,
  ) {
    this.facts = facts;
    this.#socket = socket;
    this.#clock = clock;
    this.#idleMs = limits.idleMs;
    this.#onEnd = onEnd;
    this.#watch = watch;
    this.#lastActiveAtMs = clock.now();
    this.#cancelLife = clock.after(limits.lifeMs, () => this.end(GOING_AWAY));
    this.touch();
  }

  get lastActiveAtMs(): number {
    return this.#lastActiveAtMs;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Restarts the idle time. Messages do; whether pings do on AWS is unconfirmed, here they don't. */
  touch(): void {
    this.#cancelIdle();
    this.#lastActiveAtMs = this.#clock.now();
    this.#cancelIdle = this.#clock.after(this.#idleMs, () => this.end(GOING_AWAY));
  }

  /** Sends a text frame; frames leave in the order of the calls. Nothing happens once the connection has ended. */
  send(text: string): void {
    if (this.#isEnded) return;
    this.touch();
    this.#socket.send(text);
    const { connectionId } = this.facts;
    this.#watch({ kind: 'event', title: nameIn(text, 'type'), about: connectionId, body: text });
  }

  /** The network is gone: nobody is told, and the socket finds out. */
  cut(): void {
    this.#socket.terminate();
  }

  /** Closes the socket, unless it has been closed before: the first cause is the one that is told. */
  end(closing: Closing): void {
    if (this.#isEnded) return;
    this.abandon();
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.close(closing.code, closing.reason);
    }
    this.#onEnd(closing);
  }

  /** Ends without a word to anybody: the whole API stops, and its server drops the sockets. */
  abandon(): void {
    this.#isEnded = true;
    this.#cancelIdle();
    this.#cancelLife();
  }
}

/**
 * @param field `action` of a frame, `type` of an event.
 * @returns its value, for people who look; undefined JSON has a name, too.
 */
export function nameIn(text: string, field: 'action' | 'type'): string {
  return (
    new RegExp(`"${field}"\\s*:\\s*"([\\w-]{1,40})"`).exec(text.slice(0, 4_096))?.[1] ?? 'unknown'
  );
}
