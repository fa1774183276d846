import {
  backoffMs,
  type ConnectionEvent,
  type ConnectionState,
  nextState,
  offersToken,
} from '#client/sdk/connection/connection-state';

const HALF = 0.5;

const offline: ConnectionState = { name: 'offline' };
const connecting: ConnectionState = {
  name: 'connecting',
  attempt: 1,
  refusals: 0,
};
const asking: ConnectionState = {
  name: 'connecting',
  attempt: 1,
  refusals: 2,
};
const online: ConnectionState = { name: 'online', attempt: 1 };
const settled: ConnectionState = { name: 'online', attempt: 0 };
const waiting: ConnectionState = { name: 'waiting', attempt: 1, delayMs: 1_000, refusals: 0 };
const next: ConnectionState = { name: 'connecting', attempt: 2, refusals: 0 };
const ended: ConnectionState = { name: 'ended', reason: 'abuse' };

const connect: ConnectionEvent = { type: 'connect' };
const disconnect: ConnectionEvent = { type: 'disconnect' };
const timerFired: ConnectionEvent = { type: 'timer-fired' };
const welcomed: ConnectionEvent = { type: 'welcomed' };
const settle: ConnectionEvent = { type: 'settled' };
const closed: ConnectionEvent = { type: 'closed', refusals: 0 };
const refused: ConnectionEvent = { type: 'closed', refusals: 1 };
const kept: ConnectionEvent = { type: 'closed', refusals: -6 };
const sessionEnded: ConnectionEvent = { type: 'session-ended', reason: 'abuse' };

describe('nextState', () => {
  test.each<[ConnectionState, ConnectionEvent, ConnectionState]>([
    [offline, connect, { name: 'connecting', attempt: 0, refusals: 0 }],
    [connecting, disconnect, offline],
    [connecting, welcomed, online],
    [connecting, closed, waiting],
    [connecting, refused, { ...waiting, refusals: 1 }],
    [connecting, sessionEnded, ended],
    [{ ...waiting, refusals: 2 }, timerFired, { ...next, refusals: 2 }],
    [{ ...waiting, refusals: 2 }, connect, { ...next, refusals: 2 }],
    [{ ...connecting, refusals: 2 }, closed, waiting],
    [asking, closed, waiting],
    [asking, kept, { name: 'waiting', attempt: 0, delayMs: 500, refusals: -6 }],
    [{ ...waiting, refusals: -6 }, timerFired, { ...next, refusals: -6 }],
    [asking, welcomed, online],
    [online, disconnect, offline],
    [online, settle, settled],
    [online, closed, waiting],
    [online, refused, { ...waiting, refusals: 1 }],
    [online, sessionEnded, ended],
    [settled, closed, { name: 'waiting', attempt: 0, delayMs: 500, refusals: 0 }],
    [waiting, connect, next],
    [waiting, timerFired, next],
    [waiting, disconnect, offline],
    [waiting, sessionEnded, ended],
    [ended, disconnect, offline],
  ])('%j on %j becomes %j', (state, event, expected) => {
    const after = nextState(state, event, HALF);

    expect(after).toEqual(expected);
  });

  test.each<[ConnectionState, ConnectionEvent]>([
    [offline, disconnect],
    [offline, timerFired],
    [offline, welcomed],
    [offline, settle],
    [offline, closed],
    [offline, refused],
    [offline, sessionEnded],
    [offline, kept],
    [waiting, kept],
    [ended, kept],
    [connecting, connect],
    [connecting, timerFired],
    [connecting, settle],
    [online, connect],
    [online, timerFired],
    [online, welcomed],
    [settled, settle],
    [waiting, welcomed],
    [waiting, settle],
    [waiting, closed],
    [waiting, refused],
    [ended, connect],
    [ended, timerFired],
    [ended, welcomed],
    [ended, settle],
    [ended, closed],
    [ended, refused],
    [ended, sessionEnded],
  ])('%j stays the same object on %j', (state, event) => {
    const after = nextState(state, event, HALF);

    expect(after).toBe(state);
  });
});

describe('offersToken', () => {
  test.each([
    [-6, true],
    [0, true],
    [1, true],
    [2, false],
  ])('after %i refusals in a row: %s', (refusals, offers) => {
    expect(offersToken({ ...connecting, refusals })).toBe(offers);
  });
});

describe('backoffMs', () => {
  test.each([
    [0, 999],
    [1, 1_999],
    [2, 3_999],
    [4, 15_999],
    [5, 29_999],
    [500, 29_999],
  ])('after %i failures waits from 0 to %i ms', (attempt, longestMs) => {
    const bounds = [backoffMs(attempt, 0), backoffMs(attempt, 1 - Number.EPSILON)];

    expect(bounds).toEqual([0, longestMs]);
  });
});
