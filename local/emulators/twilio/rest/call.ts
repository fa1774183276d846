import type { Actor } from '../conversations/model.ts';
import type { Parameters } from './check-parameters.ts';
import { notFound } from './twilio-error.ts';

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
 * @returns the body of the answer, or `Answered` where the status is not that of the endpoint.
 * @throws TwilioError
 */
export type Operation = (call: Call) => unknown;

/** An answer whose status depends. */
export class Answered {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

/** The path of a call without its query, for messages. */
export const pathOf = (call: Call): string => new URL(call.url).pathname;

/** @throws TwilioError 20404. */
export function found<T>(resource: T | undefined, call: Call): T {
  if (resource === undefined) throw notFound(pathOf(call));
  return resource;
}
