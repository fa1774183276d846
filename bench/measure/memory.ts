import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { slope } from './statistics.ts';

const MB = 1024 * 1024;

/** Watches the memory of this process, whose threads are part of it. */
export class MemoryWatch {
  readonly samples: { readonly atMs: number; readonly rssMb: number }[] = [];
  readonly #collect: () => void;

  constructor() {
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc');
  }

  /** Garbage of the main thread is collected before. */
  sample(): void {
    this.#collect();
    this.samples.push({ atMs: performance.now(), rssMb: process.memoryUsage.rss() / MB });
  }

  /** In MB a minute, without the share of the samples in which everything warms up. */
  growth(warmUpShare: number): number {
    const counted = this.samples.slice(Math.floor(this.samples.length * warmUpShare));
    return slope(counted.map(({ atMs, rssMb }) => ({ x: atMs / 60_000, y: rssMb })));
  }
}
