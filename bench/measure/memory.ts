import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { slope } from './statistics.ts';

const MB = 1024 * 1024;

/** Fewer say nothing about a slope. */
const MIN_SAMPLES = 12;

interface Sample {
  readonly atMs: number;
  /** Of the process with all its threads, garbage included. */
  readonly rssMb: number;
  /** Of this thread, without garbage. */
  readonly heapMb: number;
}

/** Watches the memory of this process. */
export class MemoryWatch {
  readonly samples: Sample[] = [];
  readonly #collect: () => void;

  constructor() {
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc');
  }

  sample(): void {
    this.#collect();
    const { rss, heapUsed } = process.memoryUsage();
    this.samples.push({ atMs: performance.now(), rssMb: rss / MB, heapMb: heapUsed / MB });
  }

  /**
   * In MB a minute, without the time in which everything warms up.
   * @returns undefined when hardly anything comes after that.
   */
  growth(of: 'rssMb' | 'heapMb', warmUpMs: number): number | undefined {
    const fromMs = (this.samples[0]?.atMs ?? 0) + warmUpMs;
    const counted = this.samples.filter(({ atMs }) => atMs >= fromMs);
    if (counted.length < MIN_SAMPLES) return undefined;
    return slope(counted.map((sample) => ({ x: sample.atMs / 60_000, y: sample[of] })));
  }
}
