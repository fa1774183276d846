import type { Context } from 'aws-lambda';

/** How long the running invocation may still take: an execution environment has one at a time. */
export class InvocationTime {
  #context: Pick<Context, 'getRemainingTimeInMillis'> | undefined;

  begin(context: Pick<Context, 'getRemainingTimeInMillis'>): void {
    this.#context = context;
  }

  /** Infinite outside an invocation. */
  get remainingMs(): number {
    return this.#context?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY;
  }
}
