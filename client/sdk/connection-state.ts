/** The whole reconnect policy. Pure: no socket, no timer, no clock. */

/** Cap of the wait before the first retry; each further failure doubles it. */
export const FIRST_BACKOFF_MS = 1_000;
export const MAX_BACKOFF_MS = 30_000;

/** After this long online the connection counts as good, and the next failure starts from the first backoff. */
export const SETTLED_AFTER_MS = 5_000;

/** A token that was refused this often, each time while the network was good, is void. */
export const VOID_AFTER_REFUSALS = 3;

export type ConnectionState =
  /** Not wanted: before `connect`, after `disconnect`. */
  | { readonly name: 'offline' }
  /**
   * A socket is being opened, or is open and waits for the reply to `hello`. `withToken`: a
   * stored token may be offered.
   */
  | {
      readonly name: 'connecting';
      readonly attempt: number;
      readonly withToken: boolean;
      readonly refusals: number;
    }
  | { readonly name: 'online'; readonly attempt: number }
  | {
      readonly name: 'waiting';
      readonly attempt: number;
      readonly delayMs: number;
      readonly refusals: number;
    }
  /** The server closed for good and said why. */
  | { readonly name: 'ended'; readonly reason: string };

export type ConnectionEvent =
  | { readonly type: 'connect' | 'disconnect' | 'timer-fired' | 'welcomed' | 'settled' | 'closed' }
  /**
   * The handshake failed although a token was offered. Browsers don't tell whether the server
   * or the network was at fault: a handshake without the token finds out.
   */
  | { readonly type: 'refused' }
  /** That handshake went through, so the network is good. */
  | { readonly type: 'admitted' }
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
    case 'refused':
      return refuse(state, random);
    case 'admitted':
      return admit(state, random);
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

function refuse(state: ConnectionState, random: number): ConnectionState {
  return state.name === 'connecting' && state.withToken
    ? { ...state, withToken: false }
    : waitAfter(state, random);
}

/** Staying as it is means: go on without the token, in a new session. */
function admit(state: ConnectionState, random: number): ConnectionState {
  if (state.name !== 'connecting' || state.withToken) return state;
  const refusals = state.refusals + 1;
  return refusals < VOID_AFTER_REFUSALS ? waitAfter({ ...state, refusals }, random) : state;
}

function retry(state: ConnectionState): ConnectionState {
  return state.name === 'waiting' ? connecting(state.attempt + 1, state.refusals) : state;
}

function connecting(attempt: number, refusals: number): ConnectionState {
  return { name: 'connecting', attempt, withToken: true, refusals };
}

function waitAfter(state: ConnectionState, random: number): ConnectionState {
  if (state.name !== 'connecting' && state.name !== 'online') return state;
  const { attempt } = state;
  const refusals = state.name === 'connecting' ? state.refusals : 0;
  return { name: 'waiting', attempt, delayMs: backoffMs(attempt, random), refusals };
}
