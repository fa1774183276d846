import type { SessionCounters } from '#core/files/file-ports';
import type { SessionId } from '#core/ids';

/** Counts in memory, for as long as they are kept. */
export class MemorySessionCounters implements SessionCounters {
  readonly #counts = new Map<string, number>();

  async count(id: SessionId, what: string, most: number): Promise<boolean> {
    const key = `${what}#${id}`;
    const times = this.#counts.get(key) ?? 0;
    if (times >= most) return false;
    this.#counts.set(key, times + 1);
    return true;
  }
}
