import { type ChatClientError, type ChatClientOptions, createChatClient } from '#client/sdk/index';
import { MAX_PROFILE_BYTES } from '#protocol/limits';
import { aMessageEvent, aSessionReply } from '#test/support/chat-events';
import { loneBrowser, OPEN_CHAT, openOnline, welcome } from '#test/support/lone-tab';
import { memoryStorage } from '#test/support/memory-storage';

const URL = 'wss://chat.example/live';
const BAD_ARGUMENT = expect.objectContaining({ name: 'ChatClientError', code: 'bad_argument' });

/** The type keeps it whole. */
const ALL_OPTIONS: Readonly<Record<keyof ChatClientOptions, undefined>> = {
  url: undefined,
  profile: undefined,
  maxBodyBytes: undefined,
  scope: undefined,
  createSocket: undefined,
  timers: undefined,
  storage: undefined,
  random: undefined,
  nowMs: undefined,
  newId: undefined,
  tabId: undefined,
  broadcast: undefined,
  locks: undefined,
  wake: undefined,
  leave: undefined,
  isVisible: undefined,
  upload: undefined,
};

// biome-ignore lint/suspicious/noExplicitAny: what a page without types may pass
const anything = (value: unknown): any => value;

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'location');
});

const onPage = (protocol: string) =>
  Object.defineProperty(globalThis, 'location', { value: { protocol }, configurable: true });

/** Listens to what goes wrong outside of a call. */
function hearProblems(client: ReturnType<typeof createChatClient>) {
  const problems: ChatClientError[] = [];
  client.on('problem', (problem) => problems.push(problem));
  return problems;
}

describe('an address', () => {
  test.each([
    'wss://x/live#a',
    'wss://x/live#',
    'https://x/live',
    '/live',
    'wss://',
    'x',
    '',
    ' wss://x',
    undefined,
    null,
    5,
  ])('%j is refused at once, with what it should be', (url) => {
    const create = () => createChatClient({ url: anything(url), storage: memoryStorage() });

    expect(create).toThrow(BAD_ARGUMENT);
    expect(create).toThrow(/^url: /);
  });

  test.each(['ws://x/live', 'WS://x/live', 'ws://localhost.example/live'])(
    '%s is refused on an encrypted page',
    (url) => {
      onPage('https:');

      expect(() => createChatClient({ url })).toThrow(/wss:\/\//);
    },
  );

  test.each([
    ['https:', 'wss://x/live'],
    ['https:', 'ws://localhost:3000/live'],
    ['https:', 'ws://127.0.0.1:3000/live'],
    ['https:', 'ws://[::1]:3000/live'],
    ['http:', 'ws://x/live'],
    ['http:', 'wss://x:8443/live?a=b'],
  ])('of a page on %s may be %s', (protocol, url) => {
    onPage(protocol);

    expect(() => createChatClient({ url })).not.toThrow();
  });

  test('at which the browser throws ends the attempts, and the cause is told', async () => {
    const createSocket = () => {
      throw new Error('SecurityError: blocked');
    };
    const { client } = loneBrowser().open({ createSocket });
    const problems = hearProblems(client);

    client.connect();
    await jest.advanceTimersByTimeAsync(1);

    expect(client.state.connection).toEqual({ name: 'ended', reason: 'blocked' });
    expect(problems).toMatchObject([{ code: 'blocked', message: /SecurityError/ }].map(anything));
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('an option', () => {
  test.each<[string, Partial<Record<keyof ChatClientOptions, unknown>>]>([
    ['scope', { scope: 'tabs' }],
    ['scope', { scope: null }],
    ['maxBodyBytes', { maxBodyBytes: 0 }],
    ['maxBodyBytes', { maxBodyBytes: Number.NaN }],
    ['maxBodyBytes', { maxBodyBytes: 16_385 }],
    ['maxBodyBytes', { maxBodyBytes: 'many' }],
  ])('%s is named when it is wrong: %j', (name, options) => {
    const create = () => createChatClient({ url: URL, ...anything(options) });

    expect(create).toThrow(BAD_ARGUMENT);
    expect(create).toThrow(new RegExp(`^${name}: `));
  });

  test.each(['profil', 'maxBodybytes', 'constructor', 'onChange'])(
    '%s, which there is not, is refused and named',
    (name) => {
      const create = () => createChatClient({ url: URL, ...anything({ [name]: 1 }) });

      expect(create).toThrow(BAD_ARGUMENT);
      expect(create).toThrow(new RegExp(name));
    },
  );

  test('that there is may be given', () => {
    expect(() => createChatClient({ ...anything(ALL_OPTIONS), url: URL })).not.toThrow();
  });
});

describe('a listener', () => {
  test.each([
    ['typo', () => {}],
    ['constructor', () => {}],
    [undefined, () => {}],
    ['change', undefined],
    ['change', {}],
  ])('for %j that is %p is refused', async (name, listener) => {
    const { client } = await openOnline();

    expect(() => client.on(anything(name), anything(listener))).toThrow(BAD_ARGUMENT);
  });
});

describe.each(['retry', 'discard'] as const)('%s', (name) => {
  test('of a message that is not there is told', async () => {
    const { client } = await openOnline();
    const problems = hearProblems(client);

    client[name]('m0');
    await jest.advanceTimersByTimeAsync(0);

    expect(problems).toMatchObject([
      { code: 'bad_argument', message: `${name}: no failed message m0` },
    ]);
  });

  test('of a message that has not failed is told, and changes nothing', async () => {
    const { client } = await openOnline();
    const problems = hearProblems(client);
    const id = client.send('one');

    client[name](id);
    await jest.advanceTimersByTimeAsync(0);

    expect(problems).toMatchObject([{ code: 'bad_argument' }]);
    expect(client.state.timeline).toMatchObject([{ entry: { id, state: 'sending' } }]);
  });

  test('of a message that has failed is no problem', async () => {
    const { client, socket } = await openOnline();
    const problems = hearProblems(client);
    const id = client.send('one');
    await socket.push({ type: 'rejected', id, code: 'undeliverable' });

    client[name](id);
    await jest.advanceTimersByTimeAsync(0);

    expect(problems).toEqual([]);
  });
});

describe('a profile that can not be told', () => {
  test.each([
    ['too_large', { fields: { note: 'x'.repeat(5_000) } }],
    ['too_large', { name: 'x'.repeat(MAX_PROFILE_BYTES) }],
    ['bad_frame', 'Ada'],
    ['bad_frame', ['Ada']],
    ['bad_frame', null],
    ['bad_frame', undefined],
    ['bad_frame', { fields: { count: 1n } }],
  ])('is told the page as %s', async (code, profile) => {
    const { client } = await openOnline();
    const problems = hearProblems(client);

    client.setProfile(anything(profile));
    await jest.advanceTimersByTimeAsync(0);

    expect(problems).toMatchObject([{ code, message: expect.stringMatching(/^profile: /) }]);
  });

  test('is told the page that created the client with it', async () => {
    const { client } = loneBrowser().open({ profile: { name: 'x'.repeat(5_000) } });
    const problems = hearProblems(client);

    await jest.advanceTimersByTimeAsync(0);

    expect(problems).toMatchObject([{ code: 'too_large' }]);
  });

  test('is told the page when the server refuses it', async () => {
    const { client, socket } = await openOnline();
    const problems = hearProblems(client);

    client.setProfile({ name: 'x'.repeat(257) });
    await socket.reply('hello', { type: 'error', code: 'too_large', message: 'profile.name' });
    await jest.advanceTimersByTimeAsync(0);

    expect(problems).toMatchObject([
      { code: 'too_large', message: expect.stringMatching(/profile/) },
    ]);
  });

  test('is written to the console when the page does not listen', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const { client } = await openOnline();

    client.setProfile({ name: 'x'.repeat(5_000) });
    await jest.advanceTimersByTimeAsync(0);

    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ code: 'too_large' }));
  });
});

describe('a message that the chat does not have', () => {
  test.each([9_999, -1, 0.5, Number.NaN, '0', undefined])(
    '%p is not marked as read, and the page is told',
    async (index) => {
      const missed = [aMessageEvent({ index: 0 })];
      const { client, socket } = await openOnline({}, aSessionReply({ ...OPEN_CHAT, missed }));
      const problems = hearProblems(client);

      client.markRead(anything(index));
      await jest.advanceTimersByTimeAsync(0);

      expect(problems).toMatchObject([
        { code: 'bad_argument', message: `markRead: no message ${index}` },
      ]);
      expect(socket.framesOf('markRead')).toEqual([]);
    },
  );
});

describe('a message', () => {
  test.each([
    ['', 'empty'],
    [' \n\t\u00a0', 'empty'],
    [undefined, 'bad_frame'],
    [null, 'bad_frame'],
    [5, 'bad_frame'],
    [{}, 'bad_frame'],
  ])('%j is refused with %s', async (body, code) => {
    const { client } = await openOnline();

    expect(() => client.send(anything(body))).toThrow(expect.objectContaining({ code }));
  });

  test.each([[5], ['text'], [[1]]])('with the attributes %j is refused', async (attributes) => {
    const { client } = await openOnline();

    expect(client.problemWith('hello', { attributes: anything(attributes) })).toBe('bad_frame');
  });

  test('is told to be refused when it is tried again in a chat that has ended', async () => {
    const { client, socket } = await openOnline();
    const problems = hearProblems(client);
    const id = client.send('one');
    await socket.push({ type: 'rejected', id, code: 'chat_ended' });
    await socket.push({ type: 'ended', chat: 1, by: 'agent', at: '2026-11-22T09:00:00.000Z' });

    client.retry(id);
    await jest.advanceTimersByTimeAsync(0);

    expect(problems).toMatchObject([{ code: 'chat_ended' }]);
  });
});

test('a call that needs a connection is refused without one', async () => {
  const tab = loneBrowser().open();
  await expect(tab.client.startChat()).rejects.toMatchObject({ code: 'unavailable' });
  tab.client.connect();
  await welcome(tab.socket);
  tab.client.disconnect();

  await expect(tab.client.endChat()).rejects.toMatchObject({ code: 'unavailable' });
});
