import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { slope } from './statistics.ts';

const MB = 1024 * 1024;

/** Fewer say nothing about a slope or a peak. */
const MIN_SAMPLES = 12;

export interface Sample {
  readonly atMs: number;
  /** Of the process with all its threads, garbage included. */
  readonly rssMb: number;
  /** Of this thread, without garbage. */
  readonly heapMb: number;
}

/** Watches the memory of this process. */
export class MemoryWatch {
  readonly samples: Sample[];
  readonly #collect: () => void;

  constructor(samples: readonly Sample[] = []) {
    this.samples = [...samples];
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc');
  }

  sample(): void {
    this.#collect();
    const { rss, heapUsed } = process.memoryUsage();
    this.samples.push({ atMs: performance.now(), rssMb: rss / MB, heapMb: heapUsed / MB });
  }

  /**
   * Of the heap, in MB a minute, without the time in which everything warms up.
   * @returns undefined when hardly anything comes after that.
   */
  heapGrowth(warmUpMs: number): number | undefined {
    const counted = this.#since(warmUpMs);
    if (counted.length < MIN_SAMPLES) return undefined;
    return slope(counted.map((sample) => ({ x: sample.atMs / 60_000, y: sample.heapMb })));
  }

  /**
   * By how much the highest RSS after the warm-up is above the highest in it, as a share of that
   * one: what goes up and down has no slope to speak of.
   * @returns undefined when hardly anything comes after the warm-up.
   */
  peakRise(warmUpMs: number): number | undefined {
    const counted = this.#since(warmUpMs);
    if (counted.length < MIN_SAMPLES) return undefined;
    const before = peak(this.samples.slice(0, -counted.length));
    return peak(counted) / before - 1;
  }

  #since(warmUpMs: number): Sample[] {
    const fromMs = (this.samples[0]?.atMs ?? 0) + warmUpMs;
    return this.samples.filter(({ atMs }) => atMs >= fromMs);
  }
}

const peak = (samples: readonly Sample[]): number => Math.max(...samples.map(({ rssMb }) => rssMb));
