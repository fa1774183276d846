/** The whole reconnect policy. Pure: no socket, no timer, no clock. */

/** Cap of the wait before the first retry; each further failure doubles it. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** After this long online the connection counts as good, and the next failure starts from the first backoff. */
export const SETTLED_AFTER_MS = 5_000;

/**
 * After so many refusals in a row of a token that may be good, a handshake without it asks the
 * server. Each of those counts as a new session of this address, so they are to be rare.
 */
export const ASK_AFTER_REFUSALS = 2;

/** After the server was asked and did not call the token void, so many refusals more pass before it is asked again. */
export const TRUSTED_REFUSALS = 6;

/** How the connection stands, for a page that shows it. */
export type ConnectionState =
  /** Not wanted: before `connect`, after `disconnect`. */
  | { readonly name: 'offline' }
  /** A socket is being opened, or is open and waits for the reply to `hello`. */
  | { readonly name: 'connecting'; readonly attempt: number; readonly refusals: number }
  | { readonly name: 'online'; readonly attempt: number }
  | {
      readonly name: 'waiting';
      readonly attempt: number;
      readonly delayMs: number;
      /** Handshakes with the token that failed in a row, since the server was asked. */
      readonly refusals: number;
    }
  /** The server closed for good and said why, or no connection can be opened from here. */
  | { readonly name: 'ended'; readonly reason: string };

export type ConnectionEvent =
  | { readonly type: 'connect' | 'disconnect' | 'timer-fired' | 'welcomed' | 'settled' }
  /** `refusals`: in a row by now; none if the token was taken, or the server asked. */
  | { readonly type: 'closed'; readonly refusals: number }
  | { readonly type: 'session-ended'; readonly reason: string };

/** Whether the stored token is offered; otherwise the server is asked what it is worth. */
export function offersToken(state: ConnectionState): boolean {
  return state.name !== 'connecting' || state.refusals < ASK_AFTER_REFUSALS;
}

/**
 * An event that does not fit the state changes nothing: the same object is returned.
 * @param random from 0 (inclusive) to 1, for the jitter of a wait.
 */
export function nextState(
  state: ConnectionState,
  event: ConnectionEvent,
  random: number,
): ConnectionState {
  if (state.name === 'ended' && event.type !== 'disconnect') return state;
  switch (event.type) {
    case 'connect':
      return state.name === 'offline' ? connecting(0, 0) : retry(state);
    case 'disconnect':
      return state.name === 'offline' ? state : { name: 'offline' };
    case 'timer-fired':
      return retry(state);
    case 'welcomed':
      return state.name === 'connecting' ? { name: 'online', attempt: state.attempt } : state;
    case 'settled':
      return state.name === 'online' && state.attempt > 0 ? { name: 'online', attempt: 0 } : state;
    case 'closed':
      return wait(state, random, event.refusals);
    case 'session-ended':
      return state.name === 'offline' ? state : { name: 'ended', reason: event.reason };
  }
}

/**
 * Full jitter: anything up to the doubled cap, so that thousands of clients cut off together
 * don't come back together.
 */
export function backoffMs(attempt: number, random: number): number {
  const capMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
  return Math.floor(random * capMs);
}

function retry(state: ConnectionState): ConnectionState {
  return state.name === 'waiting' ? connecting(state.attempt + 1, state.refusals) : state;
}

function connecting(attempt: number, refusals: number): ConnectionState {
  return { name: 'connecting', attempt, refusals };
}

function wait(state: ConnectionState, random: number, refusals: number): ConnectionState {
  if (state.name !== 'connecting' && state.name !== 'online') return state;
  // The server has just called the token good, so it is there: no long wait.
  const attempt = refusals < 0 ? 0 : state.attempt;
  return { name: 'waiting', attempt, delayMs: backoffMs(attempt, random), refusals };
}
