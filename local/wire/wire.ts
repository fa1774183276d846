/** What the emulators tell of what passes through them; they know nothing of who watches. */

/**
 * `frame`: from a customer. `event`: to a customer's connection. `push`: a call to `@connections`.
 * `letter`: in a queue. `twilio`: a call of Twilio's REST API. `webhook`: a call by Twilio.
 */
export type WireKind = 'frame' | 'event' | 'push' | 'letter' | 'twilio' | 'webhook';

/** Something that begins to pass. */
export interface Traffic {
  readonly kind: WireKind;
  /** Such as `sendMessage` or `POST …/Messages`. */
  readonly title: string;
  /** Whose it is: a session, a channel, a connection. */
  readonly about?: string | undefined;
  /** As it is, or what becomes JSON. */
  readonly body?: unknown;
}

/** What became of it. */
export interface Outcome {
  /** Of HTTP, or a word. */
  readonly status?: number | string | undefined;
  readonly answer?: unknown;
}

/** @returns ends it; what has no end of its own is never ended. */
export type Watch = (traffic: Traffic) => (outcome?: Outcome) => void;

export const UNWATCHED: Watch = () => () => {};
