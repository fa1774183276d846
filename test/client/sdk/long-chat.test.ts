/** A chat that is longer than a page shows, in one tab. */
import type { ChatClient } from '#client/sdk/index';
import { aHistoryReply, aMessageEvent, aSessionReply } from '#test/support/chat-events';
import type { FakeTab } from '#test/support/fake-browser';
import { openOnline } from '#test/support/lone-tab';

const messages = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => aMessageEvent({ index: from + n }));

/** Of 1,000 messages, of which the last 50 are shown. */
const LONG_CHAT = aSessionReply({
  chat: { number: 1, state: 'open' },
  missed: messages(950, 50),
  earlier: true,
});

const shownIn = ({ state }: ChatClient) =>
  state.timeline.flatMap((item) => (item.kind === 'message' ? [item.message.index] : []));
const rangeIn = (client: ChatClient) => {
  const shown = shownIn(client);
  return [shown[0], shown.at(-1), shown.length];
};
const answer = (tab: FakeTab, from: number, count: number) =>
  tab.socket.reply('history', aHistoryReply({ messages: messages(from, count), complete: false }));

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a long chat', () => {
  test('is shown from its end, by one frame', async () => {
    const { client, socket } = await openOnline({}, LONG_CHAT);

    expect(rangeIn(client)).toEqual([950, 999, 50]);
    expect(client.state.hasEarlier).toBe(true);
    expect(socket.framesOf('hello')).toMatchObject([{ latest: true }]);
    expect(socket.framesOf('history')).toEqual([]);
  });

  test('is shown from its end also where Flex could not be asked at first', async () => {
    const unread = aSessionReply({ chat: { number: 1, state: 'open' }, complete: false });
    const { client, socket } = await openOnline({}, unread);

    const [asked] = socket.framesOf('history');
    await socket.reply('history', aHistoryReply({ messages: messages(900, 100), earlier: true }));

    expect(asked).toMatchObject({ latest: true });
    expect(asked).not.toHaveProperty('after');
    expect(rangeIn(client)).toEqual([900, 999, 100]);
    expect(socket.framesOf('history')).toHaveLength(1);
  });

  test('gives earlier messages when they are asked for, until there are none', async () => {
    const tab = await openOnline({}, LONG_CHAT);
    const { client, socket } = tab;
    const before = client.state.timeline;

    const read = client.loadEarlier();
    await answer(tab, 850, 100);
    await read;

    expect(socket.framesOf('history')).toMatchObject([
      { after: { chat: 1, index: 849 }, limit: 100 },
    ]);
    expect(rangeIn(client)).toEqual([850, 999, 150]);
    expect(client.state.timeline.at(-1)).toBe(before.at(-1));
  });

  test('reads on where a page holds only a part of them, and asks again where it holds none yet', async () => {
    const tab = await openOnline({}, LONG_CHAT);

    const read = tab.client.loadEarlier();
    await answer(tab, 0, 0);
    await answer(tab, 850, 30);
    await answer(tab, 880, 100);
    await read;

    expect(rangeIn(tab.client)).toEqual([850, 999, 150]);
  });

  test('has nothing earlier once its first message is shown', async () => {
    const session = { ...LONG_CHAT, missed: messages(60, 50) };
    const tab = await openOnline({}, session);

    const read = tab.client.loadEarlier();
    await answer(tab, 0, 100);
    await read;
    await tab.client.loadEarlier();

    expect(rangeIn(tab.client)).toEqual([0, 109, 110]);
    expect(tab.client.state.hasEarlier).toBe(false);
    expect(tab.socket.framesOf('history')).toHaveLength(1);
  });

  test('says so when earlier messages can not be read now', async () => {
    const { client, socket } = await openOnline({}, LONG_CHAT);

    const read = expect(client.loadEarlier()).rejects.toMatchObject({ code: 'rate_limited' });
    await socket.reply('history', { type: 'error', code: 'rate_limited', message: '' });
    await read;
    client.disconnect();

    await expect(client.loadEarlier()).rejects.toMatchObject({ code: 'unavailable' });
    expect(rangeIn(client)).toEqual([950, 999, 50]);
  });

  test('raises no message for what is read', async () => {
    const tab = await openOnline({}, LONG_CHAT);
    const said: number[] = [];
    tab.client.on('message', ({ index }) => said.push(index));

    const read = tab.client.loadEarlier();
    await answer(tab, 850, 100);
    await read;
    await tab.socket.push(aMessageEvent({ index: 1_000 }));

    expect(said).toEqual([1_000]);
  });

  test('takes the message that seemed to have failed out of what is on its way', async () => {
    const tab = await openOnline({}, LONG_CHAT);
    const { client, socket } = tab;
    const id = client.send('hello');
    await socket.reply('sendMessage', { type: 'error', code: 'internal', message: '' });

    const read = client.loadEarlier();
    await socket.reply(
      'history',
      aHistoryReply({ messages: [aMessageEvent({ index: 949, id })], complete: false }),
    );
    await read;

    expect(client.state.timeline.filter(({ key }) => key === `own:${id}`)).toMatchObject([
      { kind: 'message' },
    ]);
  });

  test('builds one row for one more message, and keeps all others', async () => {
    const { client, socket } = await openOnline({}, LONG_CHAT);
    const before = new Set(client.state.timeline);

    await socket.push(aMessageEvent({ index: 1_000 }));

    expect(client.state.timeline.filter((item) => !before.has(item))).toHaveLength(1);
  });

  test('keeps no more than the last 500 messages, however many come', async () => {
    const { client, socket } = await openOnline({}, LONG_CHAT);

    for (const message of messages(1_000, 3_600)) await socket.push(message);

    expect(rangeIn(client)).toEqual([4_100, 4_599, 500]);
    expect(client.state.hasEarlier).toBe(true);
  });
});
