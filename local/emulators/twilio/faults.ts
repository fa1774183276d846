import { type FaultSettings, parseFaultSettings } from './fault-settings.ts';
import { seededRandom } from './seeded-random.ts';

/** Faults to come. Off until set; the same seed gives the same faults. */
export class Faults {
  #settings: FaultSettings = {};
  #random = seededRandom(0);
  #restLeft = 0;
  #cutsLeft = 0;

  /**
   * Replaces all earlier faults.
   * @throws Error naming the field when the settings are malformed.
   */
  replace(settings: unknown): FaultSettings {
    this.#settings = parseFaultSettings(settings);
    this.#random = seededRandom(this.#settings.seed ?? 0);
    this.#restLeft = this.#settings.rest?.count ?? 0;
    this.#cutsLeft = this.#settings.restAfterCommit?.count ?? 0;
    return this.#settings;
  }

  /** How long each answer of the REST API is held back. */
  get latencyMs(): number {
    return this.#settings.latencyMs ?? 0;
  }

  /** @returns the status that the next REST request is answered with instead of being served. */
  takeRestStatus(): number | undefined {
    if (this.#restLeft === 0) return undefined;
    this.#restLeft -= 1;
    return this.#settings.rest?.status;
  }

  /** @returns whether the connection of this successful write is cut before its answer. */
  takeCut(): boolean {
    if (this.#cutsLeft === 0) return false;
    this.#cutsLeft -= 1;
    return true;
  }

  /** When to call for one webhook: never, once, or twice. */
  deliveryDelaysMs(): number[] {
    const {
      drop = 0,
      duplicate = 0,
      delayMs: [least, most] = [0, 0],
    } = this.#settings.webhook ?? {};
    if (this.#random() < drop) return [];
    const copies = this.#random() < duplicate ? 2 : 1;
    return Array.from({ length: copies }, () => least + this.#random() * (most - least));
  }
}
