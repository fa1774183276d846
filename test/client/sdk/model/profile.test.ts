import { MAX_PROFILE_BYTES } from '#protocol/limits';
import { aSessionReply } from '#test/support/chat-events';
import { loneBrowser, OPEN_CHAT, openOnline, welcome } from '#test/support/lone-tab';

const GRACE = { name: 'Grace' };
const NO_CHAT = aSessionReply();
const GATEWAY_ERROR = { message: 'Internal server error', connectionId: 'c', requestId: 'r' };
const TOO_LARGE = { type: 'error', code: 'too_large', message: 'name' } as const;
const TOO_LONG = { name: 'x'.repeat(300) };

beforeEach(() => {
  jest.useFakeTimers();
  // Nobody listens to `problem` here.
  jest.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Long enough for a first reconnect. */
const reconnected = () => jest.advanceTimersByTimeAsync(1_000);

describe('a profile', () => {
  test('is known before the first message goes out', async () => {
    const { client, socket } = await openOnline({}, NO_CHAT);

    client.setProfile(GRACE);
    client.send('hello');
    expect(socket.framesOf('sendMessage')).toEqual([]);
    await socket.reply('hello', NO_CHAT);

    expect(socket.framesOf('hello').at(-1)?.profile).toEqual(GRACE);
    expect(socket.framesOf('sendMessage')).toHaveLength(1);
  });

  test('is told once more when it changed while hello was under way', async () => {
    const { client, socket } = connecting();
    client.send('hello');
    await socket.open();

    client.setProfile(GRACE);
    await socket.reply('hello', NO_CHAT);
    expect(socket.framesOf('sendMessage')).toEqual([]);
    await socket.reply('hello', NO_CHAT);

    expect(socket.framesOf('hello').map(({ profile }) => profile)).toEqual([undefined, GRACE]);
    expect(socket.framesOf('sendMessage')).toHaveLength(1);
  });

  test('is told after the one before it has arrived, and the same one once', async () => {
    const { client, socket } = await openOnline({}, NO_CHAT);

    for (const name of ['Grace', 'Ada', 'Joan', 'Joan']) client.setProfile({ name });
    client.send('hello');
    await socket.reply('hello', NO_CHAT);
    expect(socket.framesOf('sendMessage')).toEqual([]);
    await socket.reply('hello', NO_CHAT);

    const names = socket.framesOf('hello').map(({ profile }) => profile?.name);
    expect(names).toEqual([undefined, 'Grace', 'Joan']);
    expect(socket.framesOf('sendMessage')).toHaveLength(1);
  });

  test('is told again when it was lost, before any message', async () => {
    const tab = await openOnline({}, NO_CHAT);
    const [first] = tab.sockets;
    tab.client.setProfile(GRACE);
    tab.client.send('hello');

    await first?.push(GATEWAY_ERROR);
    await reconnected();
    await welcome(tab.socket, NO_CHAT);

    expect(first?.framesOf('sendMessage')).toEqual([]);
    expect(tab.socket.framesOf('hello').at(-1)?.profile).toEqual(GRACE);
    expect(tab.socket.framesOf('sendMessage')).toHaveLength(1);
  });

  test('goes over to a new session', async () => {
    const tab = await openOnline({}, NO_CHAT);
    tab.client.setProfile(GRACE);
    await tab.socket.reply('hello', NO_CHAT);
    await tab.socket.push({ type: 'closing', reason: 'expired', reconnect: true });
    await reconnected();
    await welcome(tab.socket, aSessionReply({ sessionId: 'session-2' }));

    await tab.socket.fail();
    await reconnected();
    await tab.socket.open();

    expect(tab.socket.framesOf('hello')[0]?.profile).toEqual(GRACE);
  });

  test('is not at fault when the session has gone', async () => {
    const tab = connecting({ profile: GRACE });
    await tab.socket.open();

    await tab.socket.reply('hello', { type: 'error', code: 'no_chat', message: '' });
    await reconnected();
    await tab.socket.open();

    expect(tab.client.state.connection.name).toBe('connecting');
    expect(tab.socket.framesOf('hello')[0]?.profile).toEqual(GRACE);
  });

  test('does not lead to a message being sent twice', async () => {
    const { client, socket } = await openOnline();
    client.send('hello');

    client.setProfile(GRACE);
    await socket.reply('hello', OPEN_CHAT);

    expect(socket.framesOf('sendMessage')).toHaveLength(1);
  });
});

describe('a profile that the server refuses', () => {
  test('is left out, and the client goes on without it', async () => {
    const tab = connecting({ profile: TOO_LONG });
    await tab.socket.open();

    await tab.socket.reply('hello', TOO_LARGE);
    await reconnected();
    await welcome(tab.socket);

    expect(tab.socket.framesOf('hello')[0]).not.toHaveProperty('profile');
    expect(tab.client.state.connection.name).toBe('online');
  });

  test('leaves the one before in place, and lets messages go', async () => {
    const tab = await openOnline({ profile: GRACE });
    const [first] = tab.sockets;
    tab.client.setProfile(TOO_LONG);
    tab.client.send('hello');

    await first?.reply('hello', TOO_LARGE);
    await first?.fail();
    await reconnected();
    await tab.socket.open();

    expect(first?.framesOf('sendMessage')).toHaveLength(1);
    expect(tab.socket.framesOf('hello')[0]?.profile).toEqual(GRACE);
  });

  test.each([
    ['is too large to be told', { fields: { note: 'x'.repeat(MAX_PROFILE_BYTES) } }],
    ['is no JSON', { fields: { count: 1n as unknown as string } }],
  ])('is not told at all when it %s', async (_, profile) => {
    const { client, socket } = await openOnline({ profile });

    client.setProfile(profile);

    expect(socket.framesOf('hello')).toEqual([{ action: 'hello', latest: true, ref: '1' }]);
  });
});

function connecting(options = {}) {
  const tab = loneBrowser().open(options);
  tab.client.connect();
  return tab;
}
