import type { Parameters } from './check-parameters.ts';
import type { Actor } from './world.ts';

/** One REST request that has passed authentication and the checks of its endpoint's row. */
export interface Call {
  /** Values of the path template. */
  readonly path: Readonly<Record<string, string>>;
  readonly parameters: Parameters;
  /** As Twilio's host sees it, with the query. */
  readonly url: string;
  /** For lists. */
  readonly maxPageSize: number;
  readonly actor: Actor;
}

/**
 * Serves one endpoint; what it does happens at once, so no other request comes between.
 * @returns the body of the answer.
 * @throws TwilioError
 */
export type Operation = (call: Call) => unknown;

/** The path of a call without its query, for messages. */
export const pathOf = (call: Call): string => new URL(call.url).pathname;
