import type { MinuteCounters } from '#core/ports';

const MINUTES_KEPT = 60;

/** Counters in memory, of which those of the last hour are kept. */
export class MemoryMinuteCounters implements MinuteCounters {
  readonly #minutes = new Map<number, Map<string, number>>();

  async count(key: string, most: number, nowMs: number): Promise<boolean> {
    const minute = Math.floor(nowMs / 60_000);
    for (const kept of this.#minutes.keys()) {
      if (kept < minute - MINUTES_KEPT) this.#minutes.delete(kept);
    }
    const counts = this.#minutes.get(minute) ?? new Map<string, number>();
    this.#minutes.set(minute, counts);
    const times = counts.get(key) ?? 0;
    if (times >= most) return false;
    counts.set(key, times + 1);
    return true;
  }
}
