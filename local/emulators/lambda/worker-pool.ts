import { FunctionFailure } from '../aws/aws-service.ts';
import type { InvocationFault } from './function-faults.ts';
import type { FunctionWorker } from './function-worker.ts';

/**
 * The execution environments of one function: each takes one invocation at a time, an idle one is
 * used again, and a new one is made when all are busy. Beyond the limit invocations wait: the
 * limit is this machine's, not Lambda's.
 */
export class WorkerPool {
  readonly #create: () => FunctionWorker;
  readonly #copies: number;
  readonly #workers = new Set<FunctionWorker>();
  readonly #idle: FunctionWorker[] = [];
  readonly #queue: (() => void)[] = [];
  #isStopped = false;

  /** @param copies at most. */
  constructor(create: () => FunctionWorker, copies: number) {
    this.#create = create;
    this.#copies = copies;
  }

  /** @throws FunctionFailure */
  async invoke(event: unknown, fault?: InvocationFault): Promise<unknown> {
    if (fault?.isCold) await this.#stopIdle();
    const worker = await this.#acquire();
    try {
      return await worker.invoke(event, fault);
    } finally {
      this.#release(worker);
    }
  }

  /** What runs and what waits fails. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const wake of this.#queue.splice(0)) wake();
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
  }

  async #stopIdle(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const worker of idle) this.#workers.delete(worker);
    await Promise.all(idle.map((worker) => worker.stop()));
  }

  async #acquire(): Promise<FunctionWorker> {
    for (;;) {
      if (this.#isStopped) throw new FunctionFailure('crash', 'Runtime.ExitError', 'Stopped');
      const idle = this.#takeIdle();
      if (idle !== undefined) return idle;
      if (this.#workers.size < this.#copies) return this.#add();
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
  }

  /** The one used last: the others may be let go by the operating system. */
  #takeIdle(): FunctionWorker | undefined {
    for (let worker = this.#idle.pop(); worker !== undefined; worker = this.#idle.pop()) {
      if (worker.isAlive) return worker;
      this.#workers.delete(worker);
    }
    return undefined;
  }

  #add(): FunctionWorker {
    const worker = this.#create();
    this.#workers.add(worker);
    return worker;
  }

  #release(worker: FunctionWorker): void {
    if (worker.isAlive) this.#idle.push(worker);
    else this.#workers.delete(worker);
    this.#queue.shift()?.();
  }
}
