import type { Closing } from './connection.ts';
import { type ConnectionFacts, disconnectEvent } from './socket-events.ts';
import { newOccasion, randomMs, type SocketRuntime } from './socket-runtime.ts';

/** AWS promises neither when `$disconnect` comes nor that it comes. */
const USUAL_DELAY_MS = [0, 20] as const;

/** Tells the function behind `$disconnect` about connections that have ended, some time later. */
export class DisconnectDelivery {
  readonly #runtime: SocketRuntime;
  readonly #held: (() => void)[] = [];
  #isStopped = false;

  constructor(runtime: SocketRuntime) {
    this.#runtime = runtime;
  }

  connectionEnded(facts: ConnectionFacts, closing: Closing): void {
    const { faults, clock, random } = this.#runtime;
    const fault = faults.plan.disconnect;
    if (fault === 'drop') return;
    const deliver = () => void this.#deliver(facts, closing);
    if (fault === 'after-next-connect') this.#held.push(deliver);
    else clock.after(randomMs(random, fault?.delayMs ?? USUAL_DELAY_MS), deliver);
  }

  /** Lets go what the fault `after-next-connect` has held back. */
  connectionOpened(): void {
    for (const deliver of this.#held.splice(0)) deliver();
  }

  /** Delivers nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  async #deliver(facts: ConnectionFacts, closing: Closing): Promise<void> {
    const route = this.#runtime.config.routes.get('$disconnect');
    if (route === undefined || this.#isStopped) return;
    const event = disconnectEvent(facts, newOccasion(this.#runtime), closing);
    // There is nobody left to tell the outcome.
    await this.#runtime.integrate(route.integration, event);
  }
}
