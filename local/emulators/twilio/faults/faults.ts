import { type FaultSettings, parseFaultSettings } from './fault-settings.ts';
import { seededRandom } from './seeded-random.ts';
import type { Unconfirmed } from './unconfirmed.ts';

/**
 * Checks the part of `PUT /faults` that somebody else acts on; undefined where it is absent.
 * @returns puts it into effect.
 * @throws Error naming the field.
 */
export type PrepareFaults = (settings: unknown) => () => void;

/** A task is promised and never made. */
export interface RoutingFault {
  readonly isTold: boolean;
}

/** Faults to come. Off until set; the same seed gives the same faults. */
export class Faults {
  #settings: FaultSettings = {};
  #random = seededRandom(0);
  #restLeft = 0;
  #cutsLeft = 0;
  #tasksLost = 0;
  readonly #sections = new Map<string, PrepareFaults>();

  /** Lets `PUT /faults` have a part of this name. */
  addSection(name: string, prepare: PrepareFaults): void {
    this.#sections.set(name, prepare);
  }

  /**
   * Replaces all earlier faults.
   * @throws Error naming the field when the settings are malformed; the earlier faults then stay.
   */
  replace(settings: unknown): unknown {
    const { own, others } = this.#divide(settings);
    const parsed = parseFaultSettings(own);
    const effects = [...this.#sections].map(([name, prepare]) => prepare(others[name]));
    this.#settings = parsed;
    this.#random = seededRandom(this.#settings.seed ?? 0);
    this.#restLeft = this.#settings.rest?.count ?? 0;
    this.#cutsLeft = this.#settings.restAfterCommit?.count ?? 0;
    this.#tasksLost = this.#settings.routing?.count ?? 0;
    for (const takeEffect of effects) takeEffect();
    return settings;
  }

  /** How long each answer of the REST API is held back. */
  get latencyMs(): number {
    return this.#settings.latencyMs ?? 0;
  }

  /** @returns what the next REST request is answered with instead of being served. */
  takeRefusal(): FaultSettings['rest'] {
    if (this.#restLeft === 0) return undefined;
    this.#restLeft -= 1;
    return this.#settings.rest;
  }

  /** @returns whether the connection of this successful write is cut before its answer. */
  takeCut(): boolean {
    if (this.#cutsLeft === 0) return false;
    this.#cutsLeft -= 1;
    return true;
  }

  get unconfirmed(): Unconfirmed {
    return this.#settings.unconfirmed ?? {};
  }

  get namesParticipants(): boolean {
    return this.#settings.authors === 'participant';
  }

  /** @returns what becomes of the next task: undefined lets it be made. */
  takeRoutingFault(): RoutingFault | undefined {
    if (this.#tasksLost === 0) return undefined;
    this.#tasksLost -= 1;
    return { isTold: this.#settings.routing?.isTold ?? false };
  }

  #divide(settings: unknown): { own: unknown; others: Readonly<Record<string, unknown>> } {
    if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
      return { own: settings, others: {} };
    }
    const isOther = ([name]: [string, unknown]) => this.#sections.has(name);
    const entries = Object.entries(settings);
    return {
      own: Object.fromEntries(entries.filter((entry) => !isOther(entry))),
      others: Object.fromEntries(entries.filter(isOther)),
    };
  }

  /** When to call for one webhook, or for one event of Event Streams: never, once, or twice. */
  deliveryDelaysMs(kind: 'webhook' | 'events' = 'webhook'): number[] {
    const { drop = 0, duplicate = 0, delayMs: [least, most] = [0, 0] } = this.#settings[kind] ?? {};
    if (this.#random() < drop) return [];
    const copies = this.#random() < duplicate ? 2 : 1;
    return Array.from({ length: copies }, () => least + this.#random() * (most - least));
  }
}
