import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { FunctionFailure } from '../aws/aws-service.ts';
import type { InvocationFault } from './function-faults.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { Invocation, ThreadData, ThreadMessage } from './messages.ts';

/** How long a function may take to load: Lambda's own limit for the init phase. */
const INIT_TIMEOUT_MS = 10_000;

/**
 * The stack of Node's main thread, in which Lambda runs a function: 984 KB, and the 192 KB that
 * Node keeps of a thread's. Without a limit a thread has four times as much.
 */
const STACK_MB = (984 + 192) / 1024;

/** Where Node keeps compiled code: each copy of a function would compile its bundle anew. */
const COMPILED = path.join(tmpdir(), 'node-compile-cache');

/** Of an answer, as Lambda's own message counts them. Source: Lambda developer guide, "Lambda quotas". */
const MAX_ANSWER_BYTES = 6_291_556;

export interface WorkerOptions {
  readonly settings: FunctionSettings;
  /** Of its timeout, how often the function gets it. */
  readonly patience: number;
  /** The whole environment: nothing of the parent's is added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** One execution environment of a function: a thread with its own globals and environment, frozen between calls. */
export class FunctionWorker {
  readonly #settings: FunctionSettings;
  readonly #patience: number;
  readonly #thread: Worker;
  readonly #loaded: Promise<string>;
  readonly #sent = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #log: (line: string) => void;
  #waiting: PromiseWithResolvers<string> | undefined;
  #isLoaded = false;
  #isAlive = true;

  constructor({ settings, patience, environment, log }: WorkerOptions) {
    this.#settings = settings;
    this.#patience = patience;
    this.#log = log;
    this.#thread = new Worker(path.join(import.meta.dirname, 'thread.ts'), {
      workerData: { handler: settings.handler, sent: this.#sent } satisfies ThreadData,
      env: { ...environment, NODE_COMPILE_CACHE: COMPILED },
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb, stackSizeMb: STACK_MB },
    });
    for (const stream of [this.#thread.stdout, this.#thread.stderr]) forEachLine(stream, log);
    this.#thread.on('message', (message: ThreadMessage) => this.#receive(message));
    this.#thread.on('error', ({ name, message }: Error) => this.#die('crash', name, message));
    this.#thread.on('exit', (code) =>
      this.#die('crash', 'Runtime.ExitError', `Runtime exited with ${code}`),
    );
    this.#loaded = this.#answer(INIT_TIMEOUT_MS * patience);
    // Whoever invokes sees this failure; until then it must not count as unhandled.
    this.#loaded.catch(() => undefined);
  }

  /** Whether it can take another invocation. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /**
   * Runs the handler; one call at a time.
   * @throws FunctionFailure. After a timeout, a crash or a failed start the worker is dead.
   */
  async invoke(event: unknown, fault?: InvocationFault): Promise<unknown> {
    await this.#loaded;
    const answer = this.#answer(this.#settings.timeoutMs * this.#patience);
    this.#thread.postMessage({ ...this.#invocationOf(event), ...(fault && { fault }) });
    Atomics.add(this.#sent, 0, 1);
    Atomics.notify(this.#sent, 0);
    return JSON.parse(refuseTooLarge(await answer));
  }

  async stop(): Promise<void> {
    this.#die('crash', 'Runtime.ExitError', 'The local stack is stopping');
    await this.#thread.terminate();
  }

  #invocationOf(event: unknown): Invocation {
    const { name, arn, memoryMb, timeoutMs } = this.#settings;
    return {
      event: JSON.stringify(event) ?? 'null',
      requestId: randomUUID(),
      deadlineMs: Date.now() + timeoutMs,
      functionName: name,
      functionArn: arn,
      memoryMb,
    };
  }

  /** Waits for the thread's next message, but not for ever. */
  async #answer(timeoutMs: number): Promise<string> {
    const waiting = Promise.withResolvers<string>();
    this.#waiting = waiting;
    const timer = setTimeout(() => this.#timeOut(timeoutMs), timeoutMs);
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #timeOut(timeoutMs: number): void {
    const message = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    this.#die('timeout', 'Sandbox.Timedout', message);
    void this.#thread.terminate();
  }

  #receive(message: ThreadMessage): void {
    if (message.type !== 'failure') {
      this.#isLoaded = true;
      this.#waiting?.resolve(message.type === 'result' ? message.json : '');
    } else if (this.#isLoaded) {
      this.#waiting?.reject(new FunctionFailure('error', message.errorType, message.message));
    } else {
      this.#die('error', message.errorType, message.message);
      void this.#thread.terminate();
    }
  }

  /** The first cause counts; the thread's end that follows from it says nothing new. */
  #die(kind: FunctionFailure['kind'], errorType: string, message: string): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#log(`${errorType}: ${message}`);
    this.#waiting?.reject(new FunctionFailure(kind, errorType, message));
  }
}

function refuseTooLarge(json: string): string {
  if (Buffer.byteLength(json) <= MAX_ANSWER_BYTES) return json;
  const message = `Response payload size exceeded maximum allowed payload size (${MAX_ANSWER_BYTES} bytes).`;
  throw new FunctionFailure('error', 'Function.ResponseSizeTooLarge', message);
}

function forEachLine(stream: Readable, log: (line: string) => void): void {
  createInterface({ input: stream }).on('line', log);
}
