import {
  type ChatClient,
  type ChatClientOptions,
  createChatClient,
  type KeyValueStorage,
} from '#client/sdk/index';
import {
  DEFAULT_MAX_BODY_BYTES,
  HIGHEST_MAX_BODY_BYTES,
  MAX_FRAME_BYTES,
  REMEMBERED_MESSAGE_IDS,
} from '#protocol/limits';
import { aHistoryReply, aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';
import { FakeSocket } from '#test/support/fake-socket';
import { memoryStorage } from '#test/support/memory-storage';

const URL = 'wss://chat.example/live';
const PING_MS = 5 * 60_000;
const OPEN_CHAT = aSessionReply({ chat: { number: 1, state: 'open' } });
const GATEWAY_ERROR = { message: 'Internal server error', connectionId: 'c', requestId: 'r' };

/** After a pause the client first hears what has come in; Jest's timers take this long for it. */
const HEARD_MS = 1;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function setUp(options: Partial<ChatClientOptions> = {}) {
  const sockets: FakeSocket[] = [];
  let ids = 0;
  const client = createChatClient({
    url: URL,
    storage: memoryStorage(),
    random: () => 0.5,
    nowMs: () => 0,
    newId: () => {
      ids += 1;
      return `m${ids}`;
    },
    createSocket: (_url, protocols) => {
      const socket = new FakeSocket(protocols);
      sockets.push(socket);
      return socket;
    },
    ...options,
  });
  const newest = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  return { client, sockets, newest };
}

async function setUpOnline(options: Partial<ChatClientOptions> = {}, session = OPEN_CHAT) {
  const parts = setUp(options);
  parts.client.connect();
  const socket = parts.newest();
  await socket.open();
  await socket.reply('hello', session);
  return { ...parts, socket };
}

/** Opens and greets on whatever socket the client has opened last. */
async function welcome(socket: FakeSocket, session = OPEN_CHAT) {
  await socket.open();
  await socket.reply('hello', session);
}

const accepted = (id: string) => ({ type: 'accepted', id }) as const;
const bodiesOf = (client: ChatClient) =>
  client.state.timeline.flatMap((item) => {
    if (item.kind === 'message') return [item.message.body];
    return item.kind === 'pending' ? [`${item.entry.body} (${item.entry.state})`] : [];
  });

describe('connecting', () => {
  test('says hello first, without a token and a cursor on a first visit', async () => {
    const { client, newest } = setUp({ profile: { name: 'Grace' } });

    client.connect();
    await newest().open();

    expect(newest().protocols).toEqual(['flex-channel.v1']);
    expect(newest().sent).toEqual([
      { action: 'hello', profile: { name: 'Grace' }, latest: true, ref: '1' },
    ]);
    expect(client.state.connection.name).toBe('connecting');
  });

  test('is online with the reply to hello', async () => {
    const { client } = await setUpOnline();

    expect(client.state).toMatchObject({
      connection: { name: 'online' },
      chat: { number: 1, state: 'open' },
    });
  });

  test('resumes with the token that an earlier page left, from the first message', async () => {
    const storage = memoryStorage();
    await setUpOnline({ storage });

    const reloaded = setUp({ storage });
    reloaded.client.connect();
    await reloaded.newest().open();

    expect(reloaded.newest().protocols).toEqual(['flex-channel.v1', 'token.token-1']);
    expect(reloaded.newest().sent).toEqual([{ action: 'hello', latest: true, ref: '1' }]);
  });

  test('does not take a connection that is lost before the reply to hello for a refusal', async () => {
    const { client, newest, sockets, socket } = await setUpOnline();
    await socket.fail();
    await jest.advanceTimersByTimeAsync(500);
    await newest().open();

    await newest().fail();

    expect(client.state.connection.name).toBe('waiting');
    expect(sockets).toHaveLength(2);
  });

  test('reconnects from the cursor of the last listing', async () => {
    const listed = aSessionReply({ ...OPEN_CHAT, missed: [aMessageEvent({ index: 3 })] });
    const { newest, socket } = await setUpOnline({}, listed);
    await socket.push(aMessageEvent({ index: 9 }));

    await socket.fail();
    await jest.advanceTimersByTimeAsync(500);
    await newest().open();

    expect(newest().framesOf('hello')[0]?.after).toEqual({ chat: 1, index: 3 });
  });

  test('waits longer after each failure, and starts anew after 5 s online', async () => {
    const { client, newest, socket } = await setUpOnline();
    await socket.fail();
    await jest.advanceTimersByTimeAsync(500);
    await welcome(newest());
    await newest().fail();
    expect(client.state.connection).toMatchObject({ name: 'waiting', delayMs: 1_000 });
    await jest.advanceTimersByTimeAsync(1_000);
    await welcome(newest());

    await jest.advanceTimersByTimeAsync(5_000);
    await newest().fail();

    expect(client.state.connection).toMatchObject({ name: 'waiting', delayMs: 500 });
  });

  test('cuts a wait short when asked to', async () => {
    const { client, sockets, socket } = await setUpOnline();
    await socket.fail();

    client.connect();

    expect(sockets).toHaveLength(2);
  });

  test('gives up a handshake that hangs', async () => {
    const { client, newest } = setUp();
    client.connect();

    await jest.advanceTimersByTimeAsync(10_000);

    expect(newest().isClosed).toBe(true);
    expect(client.state.connection.name).toBe('waiting');
  });

  test('takes an error of its socket for the loss of it, and hears no more of them', async () => {
    const { client, newest } = setUp();
    client.connect();

    newest().onerror?.();

    expect(client.state.connection.name).toBe('waiting');
    expect(newest().isClosed).toBe(true);
    expect(newest().onerror).toBeInstanceOf(Function);
  });

  test('reconnects when hello stays unanswered', async () => {
    const { client, newest } = setUp();
    client.connect();
    await newest().open();

    await jest.advanceTimersByTimeAsync(15_000);

    expect(client.state.connection.name).toBe('waiting');
  });

  test('begins anew when its session is gone before it can say hello', async () => {
    const { client, newest } = setUp();
    client.connect();
    await newest().open();

    await newest().reply('hello', { type: 'error', code: 'no_chat', message: '' });

    expect(client.state.connection.name).toBe('waiting');
  });

  test('stops for good when hello itself is wrong, until it is asked to try again', async () => {
    const { client, newest, sockets } = setUp();
    client.connect();
    await newest().open();

    await newest().reply('hello', { type: 'error', code: 'not_supported', message: '' });
    expect(client.state.connection).toEqual({ name: 'ended', reason: 'not_supported' });
    client.disconnect();
    client.connect();

    expect(sockets).toHaveLength(2);
    expect(client.state.connection.name).toBe('connecting');
  });

  test('pings every five minutes', async () => {
    const { socket } = await setUpOnline({}, aSessionReply());

    await jest.advanceTimersByTimeAsync(PING_MS);
    await socket.reply('ping', { type: 'pong', now: '2026-11-22T09:00:00.000Z' });
    await jest.advanceTimersByTimeAsync(PING_MS);

    expect(socket.framesOf('ping')).toHaveLength(2);
  });

  test('finds a dead connection by an unanswered ping', async () => {
    const { client, socket } = await setUpOnline({}, aSessionReply());

    await jest.advanceTimersByTimeAsync(PING_MS + 15_000);

    expect(socket.isClosed).toBe(true);
    expect(client.state.connection.name).toBe('waiting');
  });

  test('disconnects without a timer left behind', async () => {
    const { client, socket } = await setUpOnline();
    client.send('hello');

    client.disconnect();

    expect(socket.isClosed).toBe(true);
    expect(client.state.connection).toEqual({ name: 'offline' });
    expect(jest.getTimerCount()).toBe(0);
  });

  test.each(['connecting', 'online'])(
    'disconnects from inside a listener that hears it is %s',
    async (name) => {
      const { client, newest, sockets } = setUp();
      client.on('change', ({ chat, connection }) => {
        if (chat && connection.name === name) client.disconnect();
      });

      client.connect();
      await welcome(newest());

      expect(client.state.connection.name).toBe('offline');
      expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true]);
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  test('leaves no timer behind when a listener disconnects while the agent types', async () => {
    const { client, socket } = await setUpOnline();
    client.on('change', ({ typing }) => typing && client.disconnect());

    await socket.push({ type: 'typing', chat: 1, name: 'Ada' });

    expect(jest.getTimerCount()).toBe(0);
  });

  test('does without storage where it is forbidden', async () => {
    const forbidden = (): never => {
      throw new Error('SecurityError');
    };
    const storage: KeyValueStorage = {
      get length(): number {
        return forbidden();
      },
      key: forbidden,
      getItem: forbidden,
      setItem: forbidden,
      removeItem: forbidden,
    };
    const { newest, socket } = await setUpOnline({ storage });

    await socket.fail();
    await jest.advanceTimersByTimeAsync(500);

    expect(newest().protocols).toContain('token.token-1');
  });
});

describe('closing', () => {
  test('ends without a further try when the server does not want one', async () => {
    const { client, sockets, socket } = await setUpOnline();

    await socket.push({ type: 'closing', reason: 'abuse', reconnect: false });
    await jest.advanceTimersByTimeAsync(60_000);

    expect(client.state.connection).toEqual({ name: 'ended', reason: 'abuse' });
    expect(sockets).toHaveLength(1);
  });

  test.each([
    ['restart', 2],
    ['expired', 1],
    ['revoked', 1],
  ])('%s leads to a reconnect that offers %i subprotocols', async (reason, offered) => {
    const { newest, sockets, socket } = await setUpOnline();

    await socket.push({ type: 'closing', reason, reconnect: true });
    await jest.advanceTimersByTimeAsync(1_000);

    expect(sockets).toHaveLength(2);
    expect(newest().protocols).toHaveLength(offered);
  });
});

describe('sending', () => {
  test('sends a message for the current chat and shows it through to its echo', async () => {
    const { client, socket } = await setUpOnline();

    const id = client.send('hello');
    expect(bodiesOf(client)).toEqual(['hello (sending)']);
    await socket.reply('sendMessage', accepted(id));
    expect(bodiesOf(client)).toEqual(['hello (sent)']);
    await socket.push(anEcho(id));

    expect(bodiesOf(client)).toEqual(['hello']);
    expect(socket.framesOf('sendMessage')).toEqual([
      { action: 'sendMessage', id: 'm1', body: 'hello', chat: 1, ref: expect.any(String) },
    ]);
  });

  test('keeps one message unacknowledged, so that their order is the order of sending', async () => {
    const { client, socket } = await setUpOnline();

    for (const body of ['one', 'two', 'three']) client.send(body);
    expect(socket.framesOf('sendMessage')).toHaveLength(1);
    for (const id of ['m1', 'm2', 'm3']) await socket.reply('sendMessage', accepted(id));

    expect(socket.framesOf('sendMessage').map(({ body }) => body)).toEqual(['one', 'two', 'three']);
  });

  test('takes messages before there is a connection, and sends them to the chat it learns of', async () => {
    const { client, newest } = setUp();
    client.send('early');
    client.connect();

    await welcome(newest(), aSessionReply({ chat: { number: 4, state: 'none' } }));

    expect(newest().framesOf('sendMessage')).toMatchObject([{ body: 'early', chat: 4 }]);
  });

  test('sends everything unsettled again after a reconnect, in the first order', async () => {
    const { client, newest, socket } = await setUpOnline();
    for (const body of ['one', 'two', 'three']) client.send(body);
    await socket.reply('sendMessage', accepted('m1'));
    await socket.fail();
    await jest.advanceTimersByTimeAsync(500);

    await welcome(newest());
    for (const id of ['m1', 'm2', 'm3']) await newest().reply('sendMessage', accepted(id));

    expect(
      newest()
        .framesOf('sendMessage')
        .map(({ id }) => id),
    ).toEqual(['m1', 'm2', 'm3']);
  });

  test('does not send again what the reply to hello shows as delivered', async () => {
    const { client, newest, socket } = await setUpOnline();
    client.send('one');
    await socket.fail();
    await jest.advanceTimersByTimeAsync(500);

    await welcome(newest(), aSessionReply({ ...OPEN_CHAT, missed: [anEcho('m1')] }));

    expect(newest().framesOf('sendMessage')).toEqual([]);
    expect(bodiesOf(client)).toEqual(['hello']);
  });

  test.each([
    ['an error of the gateway', GATEWAY_ERROR],
    ['an unavailable', { type: 'error', code: 'unavailable', message: 'later', ref: '2' }],
    ['a rate limit', { type: 'error', code: 'rate_limited', message: 'later', ref: '2' }],
  ])('repeats the same frame after %s, with backoff', async (_, error) => {
    const { client, socket } = await setUpOnline();
    client.send('hello');

    await socket.push(error);
    expect(socket.framesOf('sendMessage')).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(500 + HEARD_MS);
    await socket.push({ ...error, ...('ref' in error && { ref: '3' }) });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(socket.framesOf('sendMessage')).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);

    expect(socket.framesOf('sendMessage').map(({ id }) => id)).toEqual(['m1', 'm1', 'm1']);
  });

  test('starts with a short pause again after a message went through', async () => {
    const { client, socket } = await setUpOnline();
    client.send('one');
    await socket.push(GATEWAY_ERROR);
    await jest.advanceTimersByTimeAsync(500 + HEARD_MS);
    await socket.reply('sendMessage', accepted('m1'));
    client.send('two');
    await socket.push(GATEWAY_ERROR);

    await jest.advanceTimersByTimeAsync(500 + HEARD_MS);

    expect(socket.framesOf('sendMessage').map(({ id }) => id)).toEqual(['m1', 'm1', 'm2', 'm2']);
  });

  test('keeps later messages back while the server wants a pause', async () => {
    const { client, socket } = await setUpOnline();
    client.send('one');
    await socket.push(GATEWAY_ERROR);

    client.send('two');

    expect(socket.framesOf('sendMessage')).toHaveLength(1);
  });

  test('shows a refused message as failed and goes on with the next', async () => {
    const { client, socket } = await setUpOnline();
    client.send('one');
    client.send('two');

    await socket.reply('sendMessage', { type: 'error', code: 'too_large', message: 'body' });

    expect(bodiesOf(client)).toEqual(['one (failed)', 'two (sending)']);
  });

  test('sends a rejected message again on request, under the same id', async () => {
    const { client, socket } = await setUpOnline();
    client.send('hello');
    await socket.reply('sendMessage', accepted('m1'));
    await socket.push({ type: 'rejected', id: 'm1', code: 'undeliverable' });
    expect(bodiesOf(client)).toEqual(['hello (failed)']);

    client.retry('m1');

    expect(socket.framesOf('sendMessage').map(({ id }) => id)).toEqual(['m1', 'm1']);
  });

  test.each([
    ['empty', '  \n'],
    ['too_large', 'é'.repeat(DEFAULT_MAX_BODY_BYTES / 2 + 1)],
  ])('refuses a text that is %s before it is sent', async (code, body) => {
    const { client, socket } = await setUpOnline();

    expect(() => client.send(body)).toThrow(expect.objectContaining({ code }));

    expect(socket.framesOf('sendMessage')).toEqual([]);
  });

  test.each(['"', '\u0001'])(
    'refuses a text of %j that fits, in a frame that does not',
    async (mark) => {
      const { client } = await setUpOnline({ maxBodyBytes: HIGHEST_MAX_BODY_BYTES });

      const problem = client.problemWith(`.${mark.repeat(HIGHEST_MAX_BODY_BYTES - 1)}`);

      expect(problem).toBe('too_large');
    },
  );

  test('refuses attributes nested too deep for the server', async () => {
    const { client } = await setUpOnline();
    const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

    expect(client.problemWith('hello', { attributes: { a: nested(30) } })).toBeUndefined();
    expect(client.problemWith('hello', { attributes: { a: nested(31) } })).toBe('bad_frame');
  });

  test('sends no frame that the gateway would close the connection for', async () => {
    const { client, socket } = await setUpOnline(
      {
        maxBodyBytes: HIGHEST_MAX_BODY_BYTES,
        newId: () => 'x'.repeat(64),
      },
      aSessionReply({ chat: { number: Number.MAX_SAFE_INTEGER, state: 'open' } }),
    );
    let body = '"'.repeat(HIGHEST_MAX_BODY_BYTES);
    while (client.problemWith(body) !== undefined) body = body.slice(1);

    client.send(body);

    const bytes = JSON.stringify(socket.framesOf('sendMessage')[0]).length;
    expect(bytes).toBeLessThanOrEqual(MAX_FRAME_BYTES);
    expect(bytes).toBeGreaterThan(MAX_FRAME_BYTES - 256);
  });

  test('takes a text that just fits', async () => {
    const { client } = await setUpOnline();

    expect(client.problemWith('é'.repeat(DEFAULT_MAX_BODY_BYTES / 2))).toBeUndefined();
  });

  test('refuses more than the server could recognise when it is sent again', () => {
    const { client } = setUp();
    for (let n = 0; n < REMEMBERED_MESSAGE_IDS; n += 1) client.send('hello');

    expect(() => client.send('hello')).toThrow(expect.objectContaining({ code: 'outbox_full' }));
  });
});

describe('reading what was missed', () => {
  test('asks page after page, chat after chat, until nothing is missing', async () => {
    const start = aSessionReply({
      chat: { number: 2, state: 'open' },
      missed: [aMessageEvent({ index: 5 })],
      complete: false,
    });
    const { client, newest, socket } = await setUpOnline();
    await socket.fail();
    await jest.advanceTimersByTimeAsync(500);

    await welcome(newest(), start);
    const page = { messages: [aMessageEvent({ index: 6 })], complete: false };
    await newest().reply('history', aHistoryReply(page));
    await newest().reply('history', aHistoryReply({ state: 'ended' }));
    const last = { chat: 2, messages: [aMessageEvent({ chat: 2, body: 'new chat' })] };
    await newest().reply('history', aHistoryReply(last));

    expect(
      newest()
        .framesOf('history')
        .map(({ after }) => after),
    ).toEqual([
      { chat: 1, index: 5 },
      { chat: 1, index: 6 },
      { chat: 2, index: -1 },
    ]);
    expect(bodiesOf(client)).toEqual(['hello', 'hello', 'new chat']);
  });

  test('reads what was said last once the chat has ended', async () => {
    const { client, socket } = await setUpOnline({}, aSessionReply(OPEN_CHAT));
    await socket.push({ type: 'ended', chat: 1, by: 'agent', at: '2026-11-22T09:00:00.000Z' });

    await socket.reply('history', aHistoryReply({ state: 'ended', messages: [aMessageEvent()] }));

    expect(bodiesOf(client)).toEqual(['hello']);
  });

  test('learns of an end that only a rejection speaks of', async () => {
    const { client, socket } = await setUpOnline({}, aSessionReply(OPEN_CHAT));
    await socket.push({ type: 'rejected', id: 'm1', code: 'chat_ended' });

    await socket.reply('history', aHistoryReply({ state: 'ended' }));

    expect(client.state.chat).toEqual({ number: 1, state: 'ended' });
  });

  test('asks again later when Flex can not be asked now', async () => {
    const { socket } = await setUpOnline({}, aSessionReply({ ...OPEN_CHAT, complete: false }));
    await socket.reply('history', { type: 'error', code: 'unavailable', message: 'later' });

    await jest.advanceTimersByTimeAsync(500);

    expect(socket.framesOf('history')).toHaveLength(2);
  });

  test('does not ask without end for a page that never comes', async () => {
    const { socket } = await setUpOnline({}, aSessionReply({ ...OPEN_CHAT, complete: false }));

    await socket.reply('history', aHistoryReply({ complete: false }));
    expect(socket.framesOf('history')).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(500);
    await socket.reply('history', aHistoryReply({ complete: false }));
    await jest.advanceTimersByTimeAsync(999);

    expect(socket.framesOf('history')).toHaveLength(2);
  });

  test('stops when the server says that asking is no use', async () => {
    const { socket } = await setUpOnline({}, aSessionReply({ ...OPEN_CHAT, complete: false }));

    await socket.reply('history', { type: 'error', code: 'no_chat', message: 'no' });
    await jest.advanceTimersByTimeAsync(29_000);

    expect(socket.framesOf('history')).toHaveLength(1);
  });

  test('asks anew on the next connection when this one is lost in between', async () => {
    const incomplete = aSessionReply({ ...OPEN_CHAT, complete: false });
    const { newest, socket } = await setUpOnline({}, incomplete);
    await socket.fail();
    await jest.advanceTimersByTimeAsync(500);

    await welcome(newest(), incomplete);

    expect(newest().framesOf('history')).toHaveLength(1);
  });
});

describe('the life of a chat', () => {
  const ended = {
    type: 'ended',
    chat: 1,
    by: 'agent',
    at: '2026-11-22T09:00:00.000Z',
  } as const;

  test('takes no message after the end, until the next chat is started', async () => {
    const { client, socket } = await setUpOnline();
    await socket.push(ended);
    expect(client.problemWith('thanks')).toBe('chat_ended');

    const started = client.startChat();
    await socket.reply('startChat', aSessionReply({ chat: { number: 2, state: 'none' } }));
    await started;
    client.send('again');

    expect(socket.framesOf('sendMessage')).toMatchObject([{ body: 'again', chat: 2 }]);
  });

  test('does not retry into an ended chat, but into the next one', async () => {
    const { client, socket } = await setUpOnline();
    client.send('late');
    await socket.reply('sendMessage', accepted('m1'));
    await socket.push(ended);
    await socket.push({ type: 'rejected', id: 'm1', code: 'chat_ended' });
    client.retry('m1');
    expect(bodiesOf(client)).toEqual(['late (failed)']);
    const started = client.startChat();
    await socket.reply('startChat', aSessionReply({ chat: { number: 2, state: 'none' } }));
    await started;

    client.retry('m1');

    expect(socket.framesOf('sendMessage').map(({ chat }) => chat)).toEqual([1, 2]);
  });

  test('asks for the end of the chat', async () => {
    const { client, socket } = await setUpOnline();

    const asked = client.endChat();
    await socket.reply('endChat', { type: 'ok', action: 'endChat' });

    await expect(asked).resolves.toBeUndefined();
  });

  test.each(['startChat', 'endChat'] as const)('%s needs a connection', async (call) => {
    const { client } = setUp();

    await expect(client[call]()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('tells of a refusal of the server', async () => {
    const { client, socket } = await setUpOnline();

    const asked = client.endChat();
    const refusal = expect(asked).rejects.toMatchObject({ code: 'not_supported' });
    await socket.reply('endChat', { type: 'error', code: 'not_supported', message: 'no' });

    await refusal;
  });

  test('marks each index as read once, and again when the mark was lost', async () => {
    const { client, socket } = await setUpOnline();

    await socket.push(aMessageEvent({ index: 2 }));
    await socket.push(aMessageEvent({ index: 3 }));
    await jest.advanceTimersByTimeAsync(2_000);

    client.markRead(3);
    client.markRead(3);
    client.markRead(2);
    await socket.reply('markRead', { type: 'error', code: 'unavailable', message: 'later' });
    client.markRead(3);

    expect(socket.framesOf('markRead')).toMatchObject([
      { chat: 1, index: 3 },
      { chat: 1, index: 3 },
    ]);
  });
});

describe('typing', () => {
  const LISTED = aSessionReply({ ...OPEN_CHAT, missed: [aMessageEvent({ index: 3 })] });
  const refusal = { type: 'error', code: 'not_supported', message: 'no' } as const;

  test('is told once in four seconds, with what the customer sees of the chat', async () => {
    const { client, socket } = await setUpOnline({}, LISTED);

    client.typing();
    client.typing();
    await jest.advanceTimersByTimeAsync(3_999);
    client.typing();
    const early = socket.framesOf('typing');
    await jest.advanceTimersByTimeAsync(1);
    client.typing();

    expect(early).toMatchObject([{ chat: 1, index: 3 }]);
    expect(socket.framesOf('typing')).toHaveLength(2);
  });

  test.each(['none', 'ended'] as const)('is not told while the chat is %s', async (state) => {
    const session = aSessionReply({ chat: { number: 1, state } });
    const { client, socket } = await setUpOnline({}, session);

    client.typing();

    expect(socket.framesOf('typing')).toEqual([]);
  });

  test('tells of no message of another chat as seen in this one', async () => {
    const { client, newest, socket } = await setUpOnline({}, LISTED);
    await socket.fail();
    await jest.advanceTimersByTimeAsync(1_000);
    await welcome(newest(), aSessionReply({ chat: { number: 2, state: 'open' } }));

    client.typing();

    const [told] = newest().framesOf('typing');
    expect(told).toMatchObject({ chat: 2 });
    expect(told).not.toHaveProperty('index');
  });

  test('is lost without a connection', async () => {
    const { client, newest, socket } = await setUpOnline();
    await socket.fail();
    client.typing();
    await jest.advanceTimersByTimeAsync(1_000);
    await welcome(newest());

    expect(newest()).not.toBe(socket);
    expect(newest().framesOf('typing')).toEqual([]);
  });

  test('is not told again over a connection whose server does not support it', async () => {
    const { client, newest, socket } = await setUpOnline();
    client.typing();
    await socket.reply('typing', refusal);
    await jest.advanceTimersByTimeAsync(10_000);
    client.typing();
    const told = socket.framesOf('typing').length;
    await socket.fail();
    await jest.advanceTimersByTimeAsync(4_000);
    await welcome(newest());
    client.typing();

    expect(told).toBe(1);
    expect(newest().framesOf('typing')).toHaveLength(1);
  });
});

describe('what is marked as read', () => {
  test('is told at once, and within three seconds only the last of what follows', async () => {
    const { client, socket } = await setUpOnline();
    const indexesTold = () => socket.framesOf('markRead').map(({ index }) => index);
    for (const index of [0, 1, 2, 3]) {
      await socket.push(aMessageEvent({ index }));
      client.markRead(index);
    }

    expect(indexesTold()).toEqual([0]);
    await jest.advanceTimersByTimeAsync(2_999);
    expect(indexesTold()).toEqual([0]);
    await jest.advanceTimersByTimeAsync(1);
    expect(indexesTold()).toEqual([0, 3]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(indexesTold()).toEqual([0, 3]);
  });

  test.each([
    ['rate_limited', 'again after a while', [0, 0]],
    ['no_chat', 'no more', [0]],
  ] as const)('is told, if the server says %s, %s', async (code, _said, indexes) => {
    const { client, socket } = await setUpOnline();
    await socket.push(aMessageEvent({ index: 0 }));
    client.markRead(0);
    await socket.reply('markRead', { type: 'error', code, message: 'refused' });

    await jest.advanceTimersByTimeAsync(29_000);
    expect(socket.framesOf('markRead')).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(2_000);

    expect(socket.framesOf('markRead').map(({ index }) => index)).toEqual(indexes);
  });

  test('is not told of a chat that is over', async () => {
    const { client, socket } = await setUpOnline();
    await socket.push(aMessageEvent({ index: 0 }));
    await socket.push({ type: 'ended', chat: 1, by: 'agent', at: '2026-11-22T09:00:01.000Z' });

    client.markRead(0);

    expect(socket.framesOf('markRead')).toEqual([]);
    expect(client.state.unread).toBe(0);
  });

  const LISTED = aSessionReply({ ...OPEN_CHAT, missed: [aMessageEvent({ index: 3 })] });

  test('without a connection is told over the next one, once', async () => {
    const { client, newest, socket } = await setUpOnline({}, LISTED);
    await socket.fail();
    client.markRead(3);
    await jest.advanceTimersByTimeAsync(1_000);

    await welcome(newest(), OPEN_CHAT);

    expect(newest().framesOf('markRead')).toMatchObject([{ chat: 1, index: 3 }]);
    await newest().reply('markRead', { type: 'ok', action: 'markRead' });
    await newest().fail();
    await jest.advanceTimersByTimeAsync(1_000);
    await welcome(newest(), OPEN_CHAT);
    expect(newest().framesOf('markRead')).toEqual([]);
  });

  test('is told again over the next connection when the first was lost before the reply', async () => {
    const { client, newest, socket } = await setUpOnline({}, LISTED);
    client.markRead(3);
    await socket.fail();
    await jest.advanceTimersByTimeAsync(1_000);

    await welcome(newest(), OPEN_CHAT);

    expect(newest().framesOf('markRead')).toMatchObject([{ chat: 1, index: 3 }]);
  });

  test('without a connection is not told of the session that begins next', async () => {
    const { client, newest, socket } = await setUpOnline({}, LISTED);
    await socket.push({ type: 'closing', reason: 'expired', reconnect: true });
    await socket.fail();
    client.markRead(3);
    await jest.advanceTimersByTimeAsync(1_000);

    await welcome(newest(), aSessionReply({ ...OPEN_CHAT, sessionId: 'session-2' }));

    expect(newest().framesOf('markRead')).toEqual([]);
  });

  test('is told of a new session, though its chat has the same number', async () => {
    const listed = aSessionReply({ ...OPEN_CHAT, missed: [aMessageEvent({ index: 50 })] });
    const { client, newest, socket } = await setUpOnline({}, listed);
    client.markRead(50);
    await socket.reply('markRead', { type: 'ok', action: 'markRead' });
    await socket.push({ type: 'closing', reason: 'expired', reconnect: true });
    await jest.advanceTimersByTimeAsync(1_000);
    const missed = [aMessageEvent({ index: 3 })];
    await welcome(newest(), aSessionReply({ ...OPEN_CHAT, sessionId: 'session-2', missed }));

    client.markRead(3);
    await jest.advanceTimersByTimeAsync(3_000);

    expect(newest().framesOf('markRead')).toMatchObject([{ chat: 1, index: 3 }]);
  });
});

describe('listening', () => {
  test('raises a message once, and none for those read back', async () => {
    const said: string[] = [];
    const { client, socket } = await setUpOnline(
      {},
      aSessionReply({ ...OPEN_CHAT, missed: [aMessageEvent({ body: 'old' })] }),
    );
    client.on('message', ({ body }) => said.push(body));

    await socket.push(aMessageEvent({ index: 1, body: 'new' }));
    await socket.push(aMessageEvent({ index: 1, body: 'new' }));

    expect(said).toEqual(['new']);
  });

  test('ends a subscription', async () => {
    const { client, socket } = await setUpOnline();
    const listener = jest.fn();
    const stop = client.on('change', listener);

    stop();
    await socket.push(aMessageEvent());

    expect(listener).not.toHaveBeenCalled();
  });

  test('ignores what it does not know, and what is no text', async () => {
    const { client, socket } = await setUpOnline();
    const before = client.state;

    await socket.push({ type: 'confetti', colour: 'all' });
    socket.onmessage?.({ data: new ArrayBuffer(2) });

    expect(client.state).toBe(before);
  });

  test('does not hear a socket that it has given up', async () => {
    const { client, socket } = await setUpOnline();
    client.disconnect();

    await socket.push(aMessageEvent());
    await socket.fail();

    expect(client.state.timeline).toEqual([]);
    expect(client.state.connection.name).toBe('offline');
  });
});
