/** What tabs tell each other of a long chat, and how they get on with tabs of yesterday's version. */
import type { ChatClient } from '#client/sdk/index';
import type { ChatModel } from '#client/sdk/model/chat-model';
import { EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { aHistoryReply, aMessageEvent, aSessionReply } from '#test/support/chat-events';
import { FakeBrowser } from '#test/support/fake-browser';
import { OPEN_CHAT, shownIn } from '#test/support/lone-tab';
import { ELECTIONS, elected, told, welcome } from '#test/support/several-tabs';

const messages = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => aMessageEvent({ index: from + n, body: `${from + n}` }));

const LONG_CHAT = aSessionReply({
  chat: { number: 1, state: 'open' },
  missed: messages(950, 50),
  earlier: true,
});

/** What a tab of yesterday's version posts and hears: this shape and no other. */
interface Envelope {
  readonly from: string;
  readonly term?: number;
  readonly message: Readonly<Record<string, unknown>> & { readonly type: string };
}

const rangeIn = ({ state }: ChatClient) => {
  const shown = state.timeline.flatMap((item) =>
    item.kind === 'message' ? [item.message.index] : [],
  );
  return [shown[0], shown.at(-1), shown.length];
};

async function aLongChatInTwoTabs(options: ConstructorParameters<typeof FakeBrowser>[0] = {}) {
  const browser = new FakeBrowser(options);
  const first = browser.open();
  first.client.connect();
  await elected();
  await welcome(first.socket, LONG_CHAT);
  const second = browser.open();
  second.client.connect();
  await elected();
  const heard: Envelope[] = [];
  browser.overhear((data) => heard.push(data as Envelope));
  const heardNow = () => heard.splice(0).map(({ message }) => message);
  return { browser, first, second, heardNow };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe.each(ELECTIONS)('tabs that elect a leader by %s', (_, options) => {
  test('are told of one more message by that message, however many are shown', async () => {
    const { first, second, heardNow } = await aLongChatInTwoTabs(options);
    await first.socket.push(aMessageEvent({ index: 1_000 }));
    await told();
    heardNow();

    await first.socket.push(aMessageEvent({ index: 1_001 }));
    await told();

    const posted = heardNow().filter(({ type }) => type !== 'alive' && type !== 'ask');
    expect(posted.map(({ type }) => type)).toEqual(['changed', 'said']);
    expect(posted[0]).toMatchObject({ change: { messages: [{ index: 1_001 }], gone: [] } });
    expect(JSON.stringify(posted).length).toBeLessThan(1_000);
    expect(second.client.state).toEqual(first.client.state);
  });

  test('build one row for one more message', async () => {
    const { first, second } = await aLongChatInTwoTabs(options);
    const before = new Set(second.client.state.timeline);

    await first.socket.push(aMessageEvent({ index: 1_000 }));
    await told();

    const built = second.client.state.timeline.filter((item) => !before.has(item));
    expect(built).toMatchObject([{ message: { index: 1_000 } }]);
  });

  test('read earlier messages each for itself', async () => {
    const { first, second, heardNow } = await aLongChatInTwoTabs(options);

    const read = second.client.loadEarlier();
    await told();
    const page = { messages: messages(850, 100), complete: false };
    await first.socket.reply('history', aHistoryReply(page));
    await told();
    await read;
    await first.socket.push(aMessageEvent({ index: 1_000 }));
    await told();

    expect(rangeIn(second.client)).toEqual([850, 1_000, 151]);
    expect(rangeIn(first.client)).toEqual([950, 1_000, 51]);
    expect(heardNow().filter(({ type }) => type === 'shared')).toEqual([]);
  });

  test('go on showing them when another tab leads', async () => {
    const { browser, first, second } = await aLongChatInTwoTabs(options);
    const third = browser.open();
    third.client.connect();
    await elected();
    for (const follower of [second, third]) {
      const read = follower.client.loadEarlier();
      await told();
      const page = { messages: messages(850, 100), complete: false };
      await first.socket.reply('history', aHistoryReply(page));
      await told();
      await read;
    }
    const before = [...second.client.state.timeline, ...third.client.state.timeline];

    first.close();
    await elected();

    const after = [...second.client.state.timeline, ...third.client.state.timeline];
    expect(after.map((item, place) => item === before[place])).not.toContain(false);
    expect(rangeIn(second.client)).toEqual([850, 999, 150]);
  });

  test('ask for everything when they have missed a change', async () => {
    const { first, second, heardNow } = await aLongChatInTwoTabs(options);

    second.isDeaf = true;
    await first.socket.push(aMessageEvent({ index: 1_000 }));
    second.isDeaf = false;
    await first.socket.push(aMessageEvent({ index: 1_001 }));
    await told();
    await first.socket.push(aMessageEvent({ index: 1_002 }));
    await told();

    expect(second.client.state).toEqual(first.client.state);
    expect(heardNow().filter(({ type }) => type === 'shared')).toHaveLength(1);
  });
});

describe('a tab of yesterday’s version', () => {
  const WITHOUT_LOCKS = { hasLocks: false };

  test('is told everything at each change, as long as it is there', async () => {
    const { browser, first, second, heardNow } = await aLongChatInTwoTabs(WITHOUT_LOCKS);
    const old = browser.overhear(() => {});
    const sharedNow = () => heardNow().filter(({ type }) => type === 'shared');

    old.post({ from: 'old', message: { type: 'ask', joins: true, isVisible: true } });
    await told();
    expect(sharedNow()).toMatchObject([{ shared: { model: { transcript: { length: 50 } } } }]);
    old.post({ from: 'old', message: { type: 'ask', joins: false, isVisible: true } });
    await first.socket.push(aMessageEvent({ index: 1_000 }));
    await told();
    expect(sharedNow()).toMatchObject([{ shared: { model: { transcript: { length: 51 } } } }]);
    expect(second.client.state).toEqual(first.client.state);
    await jest.advanceTimersByTimeAsync(10_000);
    heardNow();
    await first.socket.push(aMessageEvent({ index: 1_001 }));
    await told();

    expect(sharedNow()).toEqual([]);
    expect(second.client.state).toEqual(first.client.state);
  });

  test('hands over what it writes, and is answered', async () => {
    const { browser, first, heardNow } = await aLongChatInTwoTabs(WITHOUT_LOCKS);
    const old = browser.overhear(() => {});
    const entry = { id: 'm1', order: 1, body: 'hi', createdAtMs: 0, state: 'queued', chat: 1 };

    old.post({ from: 'old', message: { type: 'ask', joins: true, isVisible: true } });
    old.post({ from: 'old', message: { type: 'call', id: 'c1', command: { name: 'add', entry } } });
    await told();

    expect(first.socket.framesOf('sendMessage')).toMatchObject([{ id: 'm1', body: 'hi' }]);
    expect(heardNow()).toContainEqual({ type: 'reply', id: 'c1' });
  });

  test('leads those of today, which show what it shares and keep their rows', async () => {
    const browser = new FakeBrowser(WITHOUT_LOCKS);
    const heard: Envelope[] = [];
    const old = browser.overhear((data) => heard.push(data as Envelope));
    const lead = (message: Envelope['message']) => old.post({ from: 'old', term: 5, message });
    const model: ChatModel = {
      ...EMPTY_MODEL,
      sessionId: OPEN_CHAT.sessionId,
      chat: { number: 1, state: 'open' },
      transcript: messages(0, 3),
      catchUp: { cursor: { chat: 1, index: 2 }, complete: true },
    };
    const rest = { connection: { name: 'online', attempt: 0 }, persistent: true };
    const share = (shown: ChatModel) =>
      lead({ type: 'shared', shared: { ...rest, session: undefined, model: shown } });
    const tab = browser.open();
    tab.client.connect();
    lead({ type: 'alive' });
    await told();

    share(model);
    await told();
    const before = tab.client.state.timeline;
    share({ ...model, transcript: messages(0, 4) });
    lead({ type: 'said', messages: messages(3, 1) });
    await told();
    tab.client.send('hi');
    await told();

    expect(shownIn(tab.client)).toEqual(['0', '1', '2', '3', 'hi (queued)']);
    expect(before.every((item, place) => item === tab.client.state.timeline[place])).toBe(true);
    expect(tab.client.state.hasEarlier).toBe(false);
    expect(heard.map(({ message }) => message)).toContainEqual(
      expect.objectContaining({ type: 'call', command: expect.objectContaining({ name: 'add' }) }),
    );
  });

  test('that leads can not read earlier messages, and whoever asks is told', async () => {
    const browser = new FakeBrowser(WITHOUT_LOCKS);
    const old = browser.overhear((data) => {
      const { message } = data as Envelope;
      // It does nothing for a command that it does not know.
      if (message.type === 'call') lead({ type: 'reply', id: message['id'] });
    });
    const lead = (message: Envelope['message']) => old.post({ from: 'old', term: 5, message });
    const model = { ...EMPTY_MODEL, sessionId: 's', from: { chat: 1, index: 9 } };
    const tab = browser.open();
    tab.client.connect();
    lead({ type: 'alive' });
    await told();
    lead({ type: 'shared', shared: { model, connection: { name: 'offline' }, persistent: true } });
    await told();

    const read = expect(tab.client.loadEarlier()).rejects.toMatchObject({ code: 'unavailable' });
    await told();

    await read;
  });
});
