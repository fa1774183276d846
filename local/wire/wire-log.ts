import { shownBody } from './shown-body.ts';
import type { Outcome, Traffic, Watch, WireKind } from './wire.ts';

/** One line of the wire's page. It is told again, with the same number, when it has ended. */
export interface WireEntry {
  /** Rising in the order of beginning. */
  readonly number: number;
  readonly kind: WireKind;
  readonly title: string;
  readonly about: string;
  /** ISO 8601. */
  readonly at: string;
  readonly body: string;
  /** Once it has ended. */
  readonly status?: string;
  readonly ms?: number;
  readonly answer?: string;
}

export interface WireOptions {
  readonly now: () => number;
  /** How many entries wait for somebody who looks. @default 100 */
  readonly kept?: number;
}

/**
 * Keeps the last few entries, and passes each on to whoever watches. While nobody does, an entry is
 * only kept as it came; it becomes text for those who look.
 */
export class WireLog {
  readonly watch: Watch;
  readonly #now: () => number;
  readonly #kept: number;
  readonly #ring = new Map<number, () => WireEntry>();
  readonly #watchers = new Set<(entry: WireEntry) => void>();
  #count = 0;

  constructor({ now, kept = 100 }: WireOptions) {
    this.#now = now;
    this.#kept = kept;
    this.watch = (traffic) => this.#begin(traffic);
  }

  /**
   * Tells the last entries, then each as it begins and as it ends.
   * @returns ends it.
   */
  follow(watcher: (entry: WireEntry) => void): () => void {
    for (const entry of this.#ring.values()) watcher(entry());
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** What has passed so far is of no interest. */
  forget(): void {
    this.#ring.clear();
  }

  #begin(traffic: Traffic): ReturnType<Watch> {
    this.#count += 1;
    const number = this.#count;
    const beganAtMs = this.#now();
    this.#tell(number, () => shownEntry(number, traffic, beganAtMs));
    return (outcome = {}) => {
      const ms = this.#now() - beganAtMs;
      this.#tell(number, () => shownEntry(number, traffic, beganAtMs, { ...outcome, ms }));
    };
  }

  #tell(number: number, entry: () => WireEntry): void {
    const oldest = this.#count - this.#kept;
    if (number > oldest) this.#ring.set(number, entry);
    this.#ring.delete(oldest);
    if (this.#watchers.size === 0) return;
    const shown = entry();
    for (const watcher of this.#watchers) watcher(shown);
  }
}

function shownEntry(
  number: number,
  { about = '', body, kind, title }: Traffic,
  atMs: number,
  ended?: Outcome & { readonly ms: number },
): WireEntry {
  const begun = {
    number,
    kind,
    title,
    about,
    at: new Date(atMs).toISOString(),
    body: shownBody(body),
  };
  if (ended === undefined) return begun;
  const { answer, ms, status = '' } = ended;
  return { ...begun, ms: Math.round(ms), status: `${status}`, answer: shownBody(answer) };
}
