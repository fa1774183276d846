import { aHistoryReply, aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';
import type { FakeTab } from '#test/support/fake-browser';
import { OPEN_CHAT, openOnline, shownIn, welcome } from '#test/support/lone-tab';

const MINUTE_MS = 60_000;
const PONG = { type: 'pong', now: '2026-11-22T09:00:00.000Z' } as const;
const RESTART = { type: 'closing', reason: 'restart', reconnect: true } as const;
const accepted = (id: string) => ({ type: 'accepted', id }) as const;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

/** Answers in time what the client asks by itself. */
async function live(tab: FakeTab, minutes: number) {
  const { socket } = tab;
  for (let n = 0; n < minutes * 6; n += 1) {
    await pass(MINUTE_MS / 6);
    if (socket.framesOf('ping').length > 0) await socket.reply('ping', PONG);
    if (socket.framesOf('history').length > 0) await socket.reply('history', aHistoryReply());
  }
}

describe('coming back', () => {
  test('finds a dead connection within five seconds and reconnects', async () => {
    const tab = await openOnline();

    tab.wake();
    await pass(4_000);
    expect(tab.client.state.connection.name).toBe('waiting');
    await pass(1_000);

    expect(tab.sockets).toHaveLength(2);
  });

  test('keeps a connection that answers, and asks it once', async () => {
    const tab = await openOnline();

    tab.wake();
    tab.wake();
    await tab.socket.reply('ping', PONG);
    await pass(10_000);

    expect(tab.socket.framesOf('ping')).toHaveLength(1);
    expect(tab.client.state.connection.name).toBe('online');
  });

  test('asks again on the next occasion', async () => {
    const tab = await openOnline();
    tab.wake();
    await tab.socket.reply('ping', PONG);

    tab.wake();

    expect(tab.socket.framesOf('ping')).toHaveLength(2);
  });

  test('cuts a wait short', async () => {
    const tab = await openOnline();
    await tab.socket.fail();

    tab.wake();

    expect(tab.sockets).toHaveLength(2);
  });

  test('does nothing after a disconnect', async () => {
    const tab = await openOnline();
    tab.client.disconnect();

    tab.wake();

    expect(tab.sockets).toHaveLength(1);
  });

  test('reads at once what a chat may have missed that nobody looked at for half an hour', async () => {
    const tab = await openOnline();
    tab.isVisible = false;
    await live(tab, 40);
    const asked = tab.socket.framesOf('history').length;
    await live(tab, 10);
    expect(tab.socket.framesOf('history')).toHaveLength(asked);

    tab.wake();

    expect(tab.socket.framesOf('history')).toHaveLength(asked + 1);
  });
});

describe('a tab that was frozen during a pause', () => {
  test('hears what has come in before it sends again', async () => {
    const tab = await openOnline();
    const id = tab.client.send('one');
    await tab.socket.reply('sendMessage', { type: 'error', code: 'unavailable', message: '' });
    tab.freeze();
    await pass(MINUTE_MS);

    tab.thaw();
    await tab.socket.push(anEcho(id));
    await pass(1_000);

    expect(tab.socket.framesOf('sendMessage')).toHaveLength(1);
  });
});

describe('rolling over', () => {
  const quiet = aSessionReply();

  test.each([
    [0, 105],
    [0.999, 115],
  ])(
    'with the random number %f opens the next connection after %i minutes',
    async (random, minutes) => {
      const tab = await openOnline({ random: () => random }, quiet);

      await live(tab, minutes - 1);
      expect(tab.sockets).toHaveLength(1);
      await live(tab, 1);

      expect(tab.sockets).toHaveLength(2);
      expect(tab.client.state.connection.name).toBe('online');
    },
  );

  test('hears events of both connections while both live, and shows each message once', async () => {
    const tab = await openOnline();
    const [first] = tab.sockets;
    await first?.push(RESTART);
    await pass(500);
    await tab.socket.open();

    await first?.push(aMessageEvent({ index: 0, body: 'on the first' }));
    await tab.socket.push(aMessageEvent({ index: 0, body: 'on the first' }));
    await tab.socket.push(aMessageEvent({ index: 1, body: 'on the second' }));
    await tab.socket.reply('hello', OPEN_CHAT);

    expect(tab.socket.framesOf('hello')[0]?.after).toEqual({ chat: 1, index: -1 });
    expect(shownIn(tab.client)).toEqual(['on the first', 'on the second']);
    expect(first?.isClosed).toBe(true);
  });

  test('closes the former connection only after its last reply, and sends on over the new one', async () => {
    const tab = await openOnline();
    const [first] = tab.sockets;
    const one = tab.client.send('one');
    tab.client.send('two');
    await first?.push(RESTART);
    await pass(500);

    await welcome(tab.socket);
    expect(first?.isClosed).toBe(false);
    await first?.reply('sendMessage', accepted(one));

    expect(first?.isClosed).toBe(true);
    expect(first?.framesOf('sendMessage').map(({ body }) => body)).toEqual(['one']);
    expect(tab.socket.framesOf('sendMessage').map(({ body }) => body)).toEqual(['two']);
  });

  test('sends again over the new connection what the former one left unanswered', async () => {
    const tab = await openOnline();
    const [first] = tab.sockets;
    const one = tab.client.send('one');
    await first?.push(RESTART);
    await pass(500);
    await welcome(tab.socket);

    await first?.fail();
    await pass(501);

    expect(tab.socket.framesOf('sendMessage').map(({ id }) => id)).toEqual([one]);
    expect(tab.client.state.connection.name).toBe('online');
  });

  test('tries again while the former connection lives when the next one fails', async () => {
    const tab = await openOnline();
    await tab.socket.push(RESTART);
    await pass(500);

    await tab.socket.fail();
    expect(tab.client.state.connection.name).toBe('online');
    await pass(1_000);

    expect(tab.sockets).toHaveLength(3);
  });

  test('moves to a new session when the former one has expired', async () => {
    const tab = await openOnline();
    const [first] = tab.sockets;
    const sent = tab.client.send('sent');
    await first?.reply('sendMessage', accepted(sent));
    tab.client.send('unanswered');
    tab.client.send('waiting');
    await first?.push({ type: 'closing', reason: 'expired', reconnect: true });
    await pass(500);

    await welcome(tab.socket, aSessionReply({ sessionId: 'session-2', token: 'token-2' }));
    await first?.push(aMessageEvent({ chat: 7 }));

    expect(first?.isClosed).toBe(true);
    expect(tab.socket.protocols).toHaveLength(1);
    expect(shownIn(tab.client)).toEqual([
      'sent (failed)',
      'unanswered (failed)',
      'waiting (sending)',
    ]);
  });

  test('goes the usual way when the former connection is lost before the next is there', async () => {
    const tab = await openOnline();
    const [first] = tab.sockets;
    await first?.push(RESTART);
    await pass(500);

    await first?.fail();
    expect(tab.client.state.connection.name).toBe('waiting');
    await pass(500);
    await welcome(tab.socket);

    expect(tab.sockets.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
  });

  test('does not go over to a connection that was given up while its welcome came in', async () => {
    const tab = await openOnline();
    const [first] = tab.sockets;
    await first?.push(RESTART);
    await pass(500);
    const next = tab.socket;
    await next.open();

    const welcomed = next.reply('hello', OPEN_CHAT);
    first?.onclose?.();
    tab.wake();
    await welcomed;
    await welcome(tab.socket);

    expect(tab.sockets.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
    expect(tab.client.state.connection.name).toBe('online');
  });

  test('keeps no connection when it disconnects in between', async () => {
    const tab = await openOnline();
    await tab.socket.push(RESTART);
    await pass(500);

    tab.client.disconnect();
    await pass(MINUTE_MS);

    expect(tab.sockets.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });
});

describe('a message with a gap before it', () => {
  test('is held back while history is asked, then shown in its place', async () => {
    const tab = await openOnline();

    await tab.socket.push(aMessageEvent({ index: 1, body: 'second' }));
    expect(shownIn(tab.client)).toEqual([]);
    await pass(250);
    const messages = [
      aMessageEvent({ index: 0, body: 'first' }),
      aMessageEvent({ index: 1, body: 'second' }),
    ];
    await tab.socket.reply('history', aHistoryReply({ messages }));

    expect(shownIn(tab.client)).toEqual(['first', 'second']);
  });

  test('costs no question when the one before only came late', async () => {
    const tab = await openOnline();

    await tab.socket.push(aMessageEvent({ index: 1, body: 'second' }));
    await tab.socket.push(aMessageEvent({ index: 0, body: 'first' }));
    await pass(1_000);

    expect(shownIn(tab.client)).toEqual(['first', 'second']);
    expect(tab.socket.framesOf('history')).toEqual([]);
  });

  test('is shown after two seconds at the latest', async () => {
    const tab = await openOnline();

    await tab.socket.push(aMessageEvent({ index: 1, body: 'second' }));
    await pass(1_999);
    expect(shownIn(tab.client)).toEqual([]);
    await pass(1);

    expect(shownIn(tab.client)).toEqual(['second']);
  });

  test('is announced once it is shown, as is the one that was missing', async () => {
    const tab = await openOnline();
    const said: string[] = [];
    tab.client.on('message', ({ body }) => said.push(body));

    await tab.socket.push(aMessageEvent({ index: 1, body: 'second' }));
    expect(said).toEqual([]);
    await pass(250);
    const messages = [aMessageEvent({ index: 0, body: 'first' })];
    await tab.socket.reply('history', aHistoryReply({ messages }));

    expect(said.sort()).toEqual(['first', 'second']);
  });
});

describe('a quiet chat', () => {
  const ask = async (tab: FakeTab, ms: number) => {
    const before = tab.socket.framesOf('history').length;
    await pass(ms - 1);
    expect(tab.socket.framesOf('history')).toHaveLength(before);
    await pass(1);
    if (tab.socket.framesOf('history').length > before) {
      await tab.socket.reply('history', aHistoryReply());
      return true;
    }
    return false;
  };

  test('is asked after 30 s, 2 min and then every 5 min', async () => {
    const tab = await openOnline();

    const asked = [await ask(tab, 30_000), await ask(tab, 120_000)];
    await pass(150_000);
    await tab.socket.reply('ping', PONG);
    asked.push(await ask(tab, 150_000));

    expect(asked).toEqual([true, true, true]);
  });

  test.each([
    ['the customer, who waits for an answer', 'customer', 30_000],
    ['a bot, which may have announced somebody', 'bot', 30_000],
    ['the agent', 'agent', 120_000],
  ] as const)('counts from the last word, that of %s', async (_, role, afterMs) => {
    const tab = await openOnline();
    await pass(29_000);

    await tab.socket.push(aMessageEvent({ author: { role, name: 'A' } }));

    expect(await ask(tab, afterMs)).toBe(true);
  });

  test('is asked early after the word of an agent who went on typing', async () => {
    const tab = await openOnline();
    await tab.socket.push(aMessageEvent());

    await tab.socket.push({ type: 'typing', chat: 1, name: 'Ada' });

    expect(await ask(tab, 30_000)).toBe(true);
  });

  test('shows what an event would have told, had it come', async () => {
    const tab = await openOnline();
    await pass(30_000);

    const messages = [aMessageEvent({ body: 'lost' })];
    await tab.socket.reply('history', aHistoryReply({ messages, state: 'ended' }));

    expect(shownIn(tab.client)).toEqual(['lost']);
    expect(tab.client.state.chat?.state).toBe('ended');
  });

  test.each([
    ['has ended', 'ended'],
    ['has not begun', 'none'],
  ] as const)('is left alone when it %s', async (_, state) => {
    const tab = await openOnline({}, aSessionReply({ chat: { number: 1, state } }));

    expect(await ask(tab, 30_000)).toBe(false);
  });

  test('is asked before it has begun when a first message was accepted', async () => {
    const tab = await openOnline({}, aSessionReply());

    await tab.socket.reply('sendMessage', accepted(tab.client.send('first')));

    expect(await ask(tab, 30_000)).toBe(true);
  });

  /** A listing told of the end, and no event: another connection is being opened. */
  async function aChatWhoseEndWasNotHeard() {
    const tab = await openOnline();
    const [first] = tab.sockets;
    const id = tab.client.send('one');
    await first?.reply('sendMessage', accepted(id));
    await pass(30_000);
    await first?.reply('history', aHistoryReply({ state: 'ended' }));
    await pass(500);
    return { tab, first, id };
  }

  test('that has ended without a word leads to another connection, for what is on its way', async () => {
    const { tab, id } = await aChatWhoseEndWasNotHeard();

    await welcome(tab.socket, aSessionReply({ chat: { number: 1, state: 'ended' } }));
    await tab.socket.push({ type: 'rejected', id, code: 'chat_ended' });

    expect(tab.sockets.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(tab.socket.framesOf('sendMessage').map((frame) => frame.id)).toEqual([id]);
    expect(shownIn(tab.client)).toEqual(['one (failed)']);
  });

  test('gives its connection up, rather than waiting for another one that is refused', async () => {
    const { tab, first } = await aChatWhoseEndWasNotHeard();

    await tab.socket.fail();

    expect(first?.isClosed).toBe(true);
    expect(tab.client.state.connection.name).toBe('waiting');
  });

  test('leads to sending again, over another connection, what was accepted and never seen', async () => {
    const tab = await openOnline();
    const id = tab.client.send('one');
    await tab.socket.reply('sendMessage', accepted(id));
    const [first] = tab.sockets;

    await live(tab, 7);
    expect(first?.framesOf('sendMessage')).toHaveLength(1);
    await pass(30_000);
    await first?.reply('history', aHistoryReply());
    tab.client.send('two');
    await pass(500);
    await welcome(tab.socket);
    await tab.socket.reply('sendMessage', accepted(id));

    expect(first?.framesOf('sendMessage').map(({ body }) => body)).toEqual(['one']);
    expect(tab.socket.framesOf('sendMessage').map(({ body }) => body)).toEqual(['one', 'two']);
    expect(tab.sockets.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });
});
