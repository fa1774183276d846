/** Twilio's side of a call to somebody's server. */

/** What became of it: the status of the answer, or why there was none. */
export interface CallOutcome {
  readonly status?: number;
  readonly failure?: string;
}

export const TIMED_OUT = 'timed out';

/** @param closing aborts the call when the simulator ends. */
export async function callOut(
  url: string,
  init: RequestInit,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<CallOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const signal = AbortSignal.any([timeout, closing]);
    const answer = await fetch(url, { ...init, signal, redirect: 'manual' });
    await answer.arrayBuffer();
    return { status: answer.status };
  } catch (error) {
    return { failure: timeout.aborted ? TIMED_OUT : String(error) };
  }
}
