/** The whole reconnect policy. Pure: no socket, no timer, no clock. */

/** Cap of the wait before the first retry; each further failure doubles it. */
export const FIRST_BACKOFF_MS = 1_000;
export const MAX_BACKOFF_MS = 30_000;

/** After this long online the connection counts as good, and the next failure starts from the first backoff. */
export const SETTLED_AFTER_MS = 5_000;

export type ConnectionState =
  /** Not wanted: before `connect`, after `disconnect`. */
  | { readonly name: 'offline' }
  /** A socket is being opened, or is open and waits for the reply to `hello`. `withToken`: a stored token may be offered. */
  | { readonly name: 'connecting'; readonly attempt: number; readonly withToken: boolean }
  | { readonly name: 'online'; readonly attempt: number }
  | { readonly name: 'waiting'; readonly attempt: number; readonly delayMs: number }
  /** The server closed for good and said why. */
  | { readonly name: 'ended'; readonly reason: string };

export type ConnectionEvent =
  | { readonly type: 'connect' | 'disconnect' | 'timer-fired' | 'welcomed' | 'settled' | 'closed' }
  /** The handshake failed although a token was offered. Browsers don't tell why. */
  | { readonly type: 'refused' }
  | { readonly type: 'session-ended'; readonly reason: string };

/**
 * An event that does not fit the state changes nothing: the same object is returned.
 * @param random from 0 (inclusive) to 1, for the jitter of a wait.
 */
export function nextState(
  state: ConnectionState,
  event: ConnectionEvent,
  random: number,
): ConnectionState {
  if (state.name === 'ended') return state;
  switch (event.type) {
    case 'connect':
      return begin(state);
    case 'disconnect':
      return state.name === 'offline' ? state : { name: 'offline' };
    case 'timer-fired':
      return retry(state);
    case 'welcomed':
      return state.name === 'connecting' ? { name: 'online', attempt: state.attempt } : state;
    case 'settled':
      return state.name === 'online' && state.attempt > 0 ? { name: 'online', attempt: 0 } : state;
    case 'refused':
      return state.name === 'connecting' && state.withToken
        ? { ...state, withToken: false }
        : waitAfter(state, random);
    case 'closed':
      return waitAfter(state, random);
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

function begin(state: ConnectionState): ConnectionState {
  return state.name === 'offline'
    ? { name: 'connecting', attempt: 0, withToken: true }
    : retry(state);
}

function retry(state: ConnectionState): ConnectionState {
  return state.name === 'waiting'
    ? { name: 'connecting', attempt: state.attempt + 1, withToken: true }
    : state;
}

function waitAfter(state: ConnectionState, random: number): ConnectionState {
  return state.name === 'connecting' || state.name === 'online'
    ? { name: 'waiting', attempt: state.attempt, delayMs: backoffMs(state.attempt, random) }
    : state;
}
