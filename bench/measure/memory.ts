import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { slope } from './statistics.ts';

const MB = 1024 * 1024;

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

  /** In MB a minute, without the share of the samples in which everything warms up. */
  growth(of: 'rssMb' | 'heapMb', warmUpShare: number): number {
    const counted = this.samples.slice(Math.floor(this.samples.length * warmUpShare));
    return slope(counted.map((sample) => ({ x: sample.atMs / 60_000, y: sample[of] })));
  }
}
