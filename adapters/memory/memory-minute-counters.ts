import type { MinuteCounters } from '#core/ports';

/** Counters in memory, of which the current minute's are kept. */
export class MemoryMinuteCounters implements MinuteCounters {
  readonly #counts = new Map<string, number>();
  #minute = 0;

  async count(key: string, most: number, nowMs: number): Promise<boolean> {
    const minute = Math.floor(nowMs / 60_000);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const times = this.#counts.get(key) ?? 0;
    if (times >= most) return false;
    this.#counts.set(key, times + 1);
    return true;
  }
}
