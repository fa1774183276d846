import { median } from '../measure/statistics.ts';

/** How often each function runs, and for how long. */
export class InvocationCount {
  readonly #times = new Map<string, number[]>();
  #running = 0;

  /** Options of the local stack. */
  readonly hooks = {
    beforeInvoke: (): void => {
      this.#running += 1;
    },
    afterInvoke: (functionName: string, elapsedMs: number): void => {
      this.#running -= 1;
      const name = shortName(functionName);
      this.#times.set(name, [...(this.#times.get(name) ?? []), elapsedMs]);
    },
  };

  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** What was counted so far is of no interest. */
  forget(): void {
    this.#times.clear();
  }

  get total(): number {
    return Object.values(this.byFunction).reduce((sum, count) => sum + count, 0);
  }

  get byFunction(): Record<string, number> {
    return Object.fromEntries([...this.#times].map(([name, times]) => [name, times.length]));
  }

  /** By the median of each function: the machine is busy, and some runs start a copy. */
  get elapsedMs(): number {
    return [...this.#times.values()].reduce((sum, times) => sum + times.length * median(times), 0);
  }
}

/** CloudFormation's name is <stack>-<id><hash>-<suffix>. */
function shortName(functionName: string): string {
  return functionName.split('-')[1]?.replace(/[0-9A-F]{8}$/, '') ?? functionName;
}
