import type { Choice } from '#client/sdk/index';
import { aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';
import { loneBrowser, type openOnline, shownIn, welcome } from '#test/support/lone-tab';
import { memoryStorage } from '#test/support/memory-storage';
import { ELECTIONS, openTabs, told } from '#test/support/several-tabs';

const OFFER = aMessageEvent({
  body: 'Sure?',
  content: {
    type: 'quickReply',
    actions: [
      { type: 'reply', id: 'yes', title: 'Yes' },
      { type: 'reply', id: 'no', title: 'No' },
    ],
  },
});
const YES: Choice = { chat: 1, index: 0, id: 'yes' };
const NO: Choice = { ...YES, id: 'no' };
const ID = 'choice-1-0';
const ECHO = anEcho(ID, { index: 1, body: 'Yes', choice: YES });
const SESSION = aSessionReply({ chat: { number: 1, state: 'open' }, missed: [OFFER] });

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function openTab(storage = memoryStorage(), session = SESSION) {
  const tab = loneBrowser({ storage }).open();
  tab.client.connect();
  await welcome(tab.socket, session);
  return tab;
}

const sentBy = ({ socket }: Awaited<ReturnType<typeof openOnline>>) =>
  socket.framesOf('sendMessage').map(({ id, body, choice }) => ({ id, body, choice }));

describe('a choice', () => {
  test('is shown with the message that offers it', async () => {
    const { client } = await openTab();

    expect(client.state.timeline).toMatchObject([{ message: { content: OFFER.content } }]);
  });

  test('goes as its title, under an id that belongs to the offer', async () => {
    const tab = await openTab();

    expect(tab.client.send('Yes', { choice: YES })).toBe(ID);

    expect(sentBy(tab)).toEqual([{ id: ID, body: 'Yes', choice: YES }]);
    expect(tab.client.state.timeline.at(-1)).toMatchObject({ entry: { choice: YES } });
  });

  test('is made once, however often and whatever is chosen', async () => {
    const tab = await openTab();

    tab.client.send('Yes', { choice: YES });
    tab.client.send('No', { choice: NO });
    await tab.socket.reply('sendMessage', { type: 'accepted', id: ID });
    await tab.socket.push(ECHO);
    const again = tab.client.send('No', { choice: NO });

    expect(again).toBe(ID);
    expect(sentBy(tab)).toHaveLength(1);
    expect(shownIn(tab.client)).toEqual(['Sure?', 'Yes']);
  });

  test('outlives a reload, and is not made again after it', async () => {
    const storage = memoryStorage();
    const tab = await openTab(storage);
    tab.client.send('Yes', { choice: YES });
    tab.crash();

    const reloaded = await openTab(storage);
    reloaded.client.send('No', { choice: NO });

    expect(sentBy(reloaded)).toEqual([{ id: ID, body: 'Yes', choice: YES }]);
  });

  test('that has arrived before a reload is known after it', async () => {
    const storage = memoryStorage();
    const tab = await openTab(storage);
    tab.client.send('Yes', { choice: YES });
    tab.crash();

    const reloaded = await openTab(
      storage,
      aSessionReply({ chat: { number: 1, state: 'open' }, missed: [OFFER, ECHO] }),
    );
    reloaded.client.send('No', { choice: NO });

    expect(sentBy(reloaded)).toEqual([]);
    expect(reloaded.client.state.timeline.at(-1)).toMatchObject({ message: { choice: YES } });
  });

  test('that was refused can be made again', async () => {
    const tab = await openTab();
    tab.client.send('Yes', { choice: YES });
    await tab.socket.reply('sendMessage', {
      type: 'error',
      code: 'too_large',
      message: '',
      id: ID,
    });

    tab.client.discard(ID);
    tab.client.send('No', { choice: NO });

    expect(sentBy(tab).at(-1)).toEqual({ id: ID, body: 'No', choice: NO });
  });
});

describe.each(ELECTIONS)('in tabs that elect a leader by %s', (_, options) => {
  test('the same choice, or another one, is made once', async () => {
    const { first, second } = await openTabs(2, options, {}, SESSION);

    second.client.send('No', { choice: NO });
    first.client.send('Yes', { choice: YES });
    await told();
    await first.socket.reply('sendMessage', { type: 'accepted', id: ID });
    await told();
    const [sent] = sentBy(first);
    await first.socket.push(anEcho(ID, { index: 1, body: sent?.body ?? '', choice: YES }));
    await told();

    expect(sentBy(first)).toHaveLength(1);
    expect(shownIn(second.client)).toEqual(shownIn(first.client));
    expect(shownIn(first.client)).toHaveLength(2);
  });
});
