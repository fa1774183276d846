import { availableParallelism } from 'node:os';
import { FunctionFailure, type FunctionRunner } from '../aws/aws-service.ts';
import { Concurrency, throttled } from './concurrency.ts';
import { FunctionFaults } from './function-faults.ts';
import type { FunctionLogs } from './function-logs.ts';
import type { FunctionSettings } from './function-settings.ts';
import { FunctionWorker } from './function-worker.ts';
import { WorkerPool } from './worker-pool.ts';

export interface RunnerOptions {
  readonly functions: readonly FunctionSettings[];
  /** @returns the whole environment of a function; asked when an execution environment starts. */
  readonly environmentOf: (settings: FunctionSettings) => Readonly<Record<string, string>>;
  readonly logs: FunctionLogs;
  /** Of its timeout, how often a function gets it before it is ended. @default 1 */
  readonly patience?: number;
  /** How many copies of one function run on this machine at once; what comes beyond waits. @default by its cores */
  readonly copies?: number;
  /** Sees each invocation that is not throttled; may delay it, or fail it by throwing a FunctionFailure. */
  readonly beforeInvoke?: (functionName: string, event: unknown) => Promise<void> | void;
  /** Told how long each invocation took that was not throttled, the start of a copy included. */
  readonly afterInvoke?: (functionName: string, elapsedMs: number) => void;
}

/** Two for each core, up to ten: to start one costs a core a quarter of a second, and more only take each other's time. */
const DEFAULT_COPIES = Math.min(10, 2 * availableParallelism());

/** Runs the functions of the assembly in worker threads. */
export class ThreadFunctionRunner implements FunctionRunner {
  /** Test switches. */
  readonly faults: FunctionFaults;
  readonly #options: RunnerOptions;
  readonly #concurrency: Concurrency;
  readonly #pools = new Map<string, WorkerPool>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#concurrency = new Concurrency(options.functions);
    const names = options.functions.map(({ name }) => name);
    this.faults = new FunctionFaults(names, this.#concurrency.reserved);
    const { copies = DEFAULT_COPIES } = options;
    for (const settings of options.functions) {
      this.#pools.set(settings.name, new WorkerPool(() => this.#startWorker(settings), copies));
    }
  }

  /** @param functionArn or name of the function, as Lambda takes either. */
  async invoke(functionArn: string, event: unknown): Promise<unknown> {
    const name = functionArn.slice(functionArn.lastIndexOf(':') + 1);
    const pool = this.#pools.get(name);
    if (pool === undefined) {
      throw new FunctionFailure('error', 'ResourceNotFoundException', `No function ${functionArn}`);
    }
    const fault = this.faults.take(name);
    if (fault.isThrottled) throw throttled();
    const end = this.#concurrency.begin(name, this.faults.accountConcurrency);
    const startedAt = performance.now();
    try {
      await this.#options.beforeInvoke?.(name, event);
      return await pool.invoke(event, fault);
    } finally {
      end();
      this.#options.afterInvoke?.(name, performance.now() - startedAt);
    }
  }

  /** Ends all threads; what still runs fails as a crash. */
  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()));
  }

  #startWorker(settings: FunctionSettings): FunctionWorker {
    const { environmentOf, logs, patience = 1 } = this.#options;
    return new FunctionWorker({
      settings,
      patience,
      environment: environmentOf(settings),
      log: (line) => logs.add(settings.name, line),
    });
  }
}
