/** What passes between the runner and the thread in which a function lives. */

import type { InvocationFault } from './function-faults.ts';

/** Where the thread finds the handler. */
export interface HandlerLocation {
  /** Absolute path of the bundle. */
  readonly file: string;
  /** Name of its export. */
  readonly name: string;
}

/** What a thread is started with. */
export interface ThreadData {
  readonly handler: HandlerLocation;
  /** How many invocations the runner has sent, in memory that both share: a rise wakes the thread up. */
  readonly sent: Int32Array<SharedArrayBuffer>;
}

/** To the thread: one invocation. The event crosses as JSON, as it would on AWS. */
export interface Invocation {
  readonly event: string;
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly fault?: InvocationFault;
}

/** From the thread: `ready` once, then one `result` or `failure` for each invocation. */
export type ThreadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly json: string }
  | { readonly type: 'failure'; readonly errorType: string; readonly message: string };
