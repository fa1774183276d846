import type { Context } from 'aws-lambda';

/** Time to tell customers and to keep letters back, kept free while the function waits for Twilio. */
const CLOSING_MS = 4_000;

/** How long the running invocation may still take: an execution environment has one at a time. */
export class InvocationTime {
  #context: Pick<Context, 'getRemainingTimeInMillis'> | undefined;

  begin(context: Pick<Context, 'getRemainingTimeInMillis'>): void {
    this.#context = context;
  }

  /** How long Twilio can be waited for; infinite outside an invocation. */
  get forTwilioMs(): number {
    const remainingMs = this.#context?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY;
    return remainingMs - CLOSING_MS;
  }
}
