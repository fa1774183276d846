import type { Clock } from '#local/clock';
import { FunctionFailure, type FunctionRunner } from '#local/emulators/aws/aws-service';
import type { MayInvoke } from './invoke-permissions.ts';

/** API Gateway waits this long for a function, unless the integration says less. */
export const MAX_INTEGRATION_MS = 29_000;

/** A function behind a route, a method or an authorizer. */
export interface Integration {
  readonly functionArn: string;
  /** In whose name it is invoked; a permission of the function must match it. */
  readonly sourceArn: string;
  readonly timeoutMs: number;
}

/** How an integration ended. `forbidden`: no permission; `throttled`: too many runs. The function was not invoked then. */
export type Outcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'forbidden' };

export type Integrate = (integration: Integration, event: unknown) => Promise<Outcome>;

/** @returns calls functions as API Gateway does: with permission only, and not for longer than it waits. */
export function integrateWith(
  functions: FunctionRunner,
  mayInvoke: MayInvoke,
  clock: Clock,
): Integrate {
  return async ({ functionArn, sourceArn, timeoutMs }, event) => {
    if (!mayInvoke(functionArn, sourceArn)) return { kind: 'forbidden' };
    const { promise: timedOut, resolve } = Promise.withResolvers<Outcome>();
    const cancel = clock.after(timeoutMs, () => resolve({ kind: 'timed-out' }));
    try {
      return await Promise.race([outcomeOf(functions.invoke(functionArn, event)), timedOut]);
    } finally {
      cancel();
    }
  };
}

async function outcomeOf(invocation: Promise<unknown>): Promise<Outcome> {
  try {
    return { kind: 'returned', value: await invocation };
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error;
    return error.kind === 'throttle'
      ? { kind: 'throttled' }
      : { kind: 'failed', message: error.message };
  }
}

/**
 * @returns the ARN inside `arn:…:lambda:path/2015-03-31/functions/<ARN>/invocations`.
 * @throws Error when the URI names no function.
 */
export function functionOfUri(uri: unknown, owner: string): string {
  const arn =
    typeof uri === 'string' ? /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] : undefined;
  if (arn === undefined) throw new Error(`${owner}: ${JSON.stringify(uri)} names no function`);
  return arn;
}
