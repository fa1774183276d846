import type { KeyValueStorage, ReplacedSession } from '#client/sdk/index';
import { aMessageEvent, aSessionReply } from '#test/support/chat-events';
import type { FakeTab } from '#test/support/fake-browser';
import type { FakeSocket } from '#test/support/fake-socket';
import { loneBrowser, OPEN_CHAT, shownIn, welcome } from '#test/support/lone-tab';
import { memoryStorage } from '#test/support/memory-storage';

const NOW_MS = Date.parse('2026-11-22T09:00:00.000Z');
const A_YEAR_MS = 365 * 24 * 60 * 60_000;
const ANOTHER = aSessionReply({ sessionId: 'session-2', token: 'token-2' });
const UNKNOWN_ACTION = { type: 'error', code: 'unknown_action', message: '' } as const;
const UNAVAILABLE = { type: 'error', code: 'unavailable', message: '' } as const;

beforeEach(() => jest.useFakeTimers({ now: NOW_MS }));
afterEach(() => jest.useRealTimers());

/** Until the next try begins. */
async function nextTry({ client }: FakeTab): Promise<void> {
  const { connection } = client.state;
  if (connection.name === 'waiting') await jest.advanceTimersByTimeAsync(connection.delayMs);
}
const hasToken = ({ protocols }: FakeSocket) => protocols.length === 2;

/** A tab in an open chat whose connection has just been cut. */
async function aTabThatWasCut(options: { nowMs?: () => number } = {}) {
  const tab = loneBrowser().open(options);
  const replaced: ReplacedSession[] = [];
  tab.client.on('replaced', (session) => replaced.push(session));
  tab.client.connect();
  const missed = [aMessageEvent({ body: 'hello' })];
  await welcome(tab.socket, aSessionReply({ ...OPEN_CHAT, missed }));
  await tab.socket.fail();
  await nextTry(tab);
  return { tab, replaced };
}

/** Refuses handshakes with the token until the client comes without it. */
async function refuseUntilAsked(tab: FakeTab): Promise<number> {
  let refusals = 0;
  for (; hasToken(tab.socket); refusals += 1) {
    await tab.socket.fail();
    await nextTry(tab);
  }
  return refusals;
}

async function answer(tab: FakeTab, valid: boolean): Promise<void> {
  await tab.socket.open();
  await tab.socket.reply('checkToken', { type: 'token', valid });
}

describe('a token whose handshakes are refused', () => {
  test('is void by the word of the server alone: the session is replaced, and the page is told', async () => {
    const { tab, replaced } = await aTabThatWasCut();
    await refuseUntilAsked(tab);
    await tab.socket.open();
    expect(tab.socket.sent).toMatchObject([{ action: 'checkToken', token: 'token-1' }]);

    await tab.socket.reply('checkToken', { type: 'token', valid: false });
    await tab.socket.reply('hello', ANOTHER);

    expect(replaced).toMatchObject([{ cause: 'void', timeline: [{ message: { body: 'hello' } }] }]);
    expect(tab.client.state).toMatchObject({ replaced: 'void', timeline: [] });
    expect(tab.client.state.connection.name).toBe('online');
  });

  test('is offered again when the server calls it good, and nothing was begun without it', async () => {
    const { tab, replaced } = await aTabThatWasCut();
    await refuseUntilAsked(tab);
    const asked = tab.socket;
    await answer(tab, true);
    expect(asked.isClosed).toBe(true);
    expect(asked.framesOf('hello')).toEqual([]);

    await nextTry(tab);
    await welcome(tab.socket);

    expect(hasToken(tab.socket)).toBe(true);
    expect(shownIn(tab.client)).toEqual(['hello']);
    expect(replaced).toEqual([]);
  });

  test('is not asked about again soon once the server has called it good', async () => {
    const { tab } = await aTabThatWasCut();
    const first = await refuseUntilAsked(tab);
    await answer(tab, true);
    await nextTry(tab);

    const second = await refuseUntilAsked(tab);

    expect([first, second]).toEqual([2, 8]);
  });

  test('is kept for as long as it takes', async () => {
    const { tab, replaced } = await aTabThatWasCut();

    for (let round = 0; round < 20; round += 1) {
      await refuseUntilAsked(tab);
      await answer(tab, true);
      await nextTry(tab);
    }
    await welcome(tab.socket);

    expect(replaced).toEqual([]);
    expect(shownIn(tab.client)).toEqual(['hello']);
  });

  test.each<[string, (socket: FakeSocket) => Promise<void>]>([
    ['is refused, too', (socket) => socket.fail()],
    [
      'is lost before the answer',
      async (socket) => {
        await socket.open();
        await socket.fail();
      },
    ],
    [
      'can not look the session up',
      async (socket) => {
        await socket.open();
        await socket.reply('checkToken', UNAVAILABLE);
      },
    ],
    [
      'gets no answer',
      async (socket) => {
        await socket.open();
        await jest.advanceTimersByTimeAsync(15_000);
      },
    ],
  ])('is not asked about when the connection without it %s', async (_, happens) => {
    const { tab, replaced } = await aTabThatWasCut();

    for (let round = 0; round < 10; round += 1) {
      await refuseUntilAsked(tab);
      const asked = tab.socket;
      await happens(asked);
      await nextTry(tab);
      expect(asked.framesOf('hello')).toEqual([]);
    }
    await refuseUntilAsked(tab);
    await answer(tab, true);
    await nextTry(tab);
    await welcome(tab.socket);

    expect(hasToken(tab.socket)).toBe(true);
    expect(replaced).toEqual([]);
  });

  test('loses nothing by a clock that is wrong while handshakes go through', async () => {
    const { tab } = await aTabThatWasCut({ nowMs: () => NOW_MS + A_YEAR_MS });

    await welcome(tab.socket);

    expect(hasToken(tab.socket)).toBe(true);
    expect(shownIn(tab.client)).toEqual(['hello']);
  });

  test('gives way to the one that another tab has stored meanwhile', async () => {
    const storage = memoryStorage();
    const [tab, other] = [loneBrowser({ storage }).open(), loneBrowser({ storage }).open()];
    tab.client.connect();
    await welcome(tab.socket);
    await tab.socket.fail();
    await nextTry(tab);
    await refuseUntilAsked(tab);
    await tab.socket.open();
    storeSession(storage, { sessionId: 'session-1', token: 'token-9' });
    other.client.disconnect();

    await tab.socket.reply('checkToken', { type: 'token', valid: false });
    await nextTry(tab);

    expect(tab.socket.protocols).toContain('token.token-9');
  });
});

describe('with a server of an earlier version', () => {
  test('takes a token for void when it was refused three times while the network was good', async () => {
    const { tab, replaced } = await aTabThatWasCut();

    for (let refusals = 1; refusals < 3; refusals += 1) {
      await refuseUntilAsked(tab);
      await tab.socket.open();
      await tab.socket.reply('checkToken', UNKNOWN_ACTION);
      expect(tab.socket.framesOf('hello')).toEqual([]);
      await nextTry(tab);
    }
    await refuseUntilAsked(tab);
    await tab.socket.open();
    await tab.socket.reply('checkToken', UNKNOWN_ACTION);
    await tab.socket.reply('hello', ANOTHER);

    expect(replaced).toMatchObject([{ cause: 'void' }]);
  });
});

describe('a session that the server ends', () => {
  test.each(['expired', 'revoked'] as const)(
    'because it is %s is replaced, and the page is told why',
    async (reason) => {
      const { tab, replaced } = await aTabThatWasCut();
      await welcome(tab.socket);

      await tab.socket.push({ type: 'closing', reason, reconnect: true });
      await jest.advanceTimersByTimeAsync(1_000);
      await welcome(tab.socket, ANOTHER);

      expect(replaced).toMatchObject([{ cause: reason, timeline: [{ kind: 'message' }] }]);
      expect(tab.client.state.replaced).toBe(reason);
    },
  );

  test('is not replaced by a reconnect that resumes it', async () => {
    const { tab, replaced } = await aTabThatWasCut();

    await welcome(tab.socket);

    expect(replaced).toEqual([]);
    expect(tab.client.state.replaced).toBeUndefined();
  });

  test('because it has too many connections is over in this tab, and says so', async () => {
    const { tab } = await aTabThatWasCut();
    await welcome(tab.socket);

    await tab.socket.push({ type: 'closing', reason: 'connection_limit', reconnect: false });

    expect(tab.client.state.connection).toEqual({ name: 'ended', reason: 'connection_limit' });
    expect(shownIn(tab.client)).toEqual(['hello']);
  });
});

function storeSession(storage: KeyValueStorage, session: object): void {
  for (let n = 0; n < storage.length; n += 1) {
    const key = storage.key(n) ?? '';
    if (key.endsWith(':session')) storage.setItem(key, JSON.stringify(session));
  }
}
