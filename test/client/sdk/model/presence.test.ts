import { aHistoryReply, aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';
import type { FakeTab } from '#test/support/fake-browser';
import { OPEN_CHAT, openOnline, shownIn } from '#test/support/lone-tab';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const ENDS_AT = '2026-11-22T09:15:00.000Z';
const JOINED = { type: 'participant', chat: 1, event: 'joined', role: 'agent' } as const;

const chatWith = (fields: object) =>
  aSessionReply({
    chat: { number: 1, state: 'open', ...fields },
    missed: [anEcho('m1', { index: 0 }), anEcho('m2', { index: 1 })],
  });

const readIn = ({ client }: FakeTab) =>
  client.state.timeline.flatMap((item) => (item.kind === 'message' ? [item.readByAgent] : []));

/** The listing that a quiet chat asks for. */
async function list(tab: FakeTab, fields: Parameters<typeof aHistoryReply>[0], quietMs = 30_000) {
  await jest.advanceTimersByTimeAsync(quietMs);
  await tab.socket.reply('history', aHistoryReply(fields));
}

describe('who is in a chat, and what they have read', () => {
  test('is known after a reload', async () => {
    const tab = await openOnline({}, chatWith({ agents: ['Ada'], readIndex: 0 }));

    expect(tab.client.state.agents).toEqual(['Ada']);
    expect(readIn(tab)).toEqual([true, false]);
  });

  test('is not forgotten when an earlier server does not tell', async () => {
    const tab = await openOnline({}, chatWith({}));
    await tab.socket.push({ ...JOINED, name: 'Ada' });
    await tab.socket.push({ type: 'read', chat: 1, index: 1 });

    await list(tab, {});

    expect(tab.client.state.agents).toEqual(['Ada']);
    expect(readIn(tab)).toEqual([true, true]);
  });

  test('is put right by a listing after an event was lost', async () => {
    const tab = await openOnline({}, chatWith({ agents: ['Ada'], readIndex: 0 }));

    await list(tab, { agents: ['Grace'], readIndex: 1 });

    expect(tab.client.state.agents).toEqual(['Grace']);
    expect(readIn(tab)).toEqual([true, true]);
  });

  test('is not set back by a listing that was made before the last event', async () => {
    const tab = await openOnline({}, chatWith({ agents: [], readIndex: -1 }));
    await jest.advanceTimersByTimeAsync(30_000);
    await tab.socket.push({ ...JOINED, name: 'Ada' });
    await tab.socket.push({ type: 'read', chat: 1, index: 1 });

    await tab.socket.reply('history', aHistoryReply({ agents: [], readIndex: 0 }));

    expect(tab.client.state.agents).toEqual(['Ada']);
    expect(readIn(tab)).toEqual([true, true]);
  });

  test('is nobody once the chat has ended', async () => {
    const tab = await openOnline({}, chatWith({ agents: ['Ada'], readIndex: 1 }));

    await list(tab, { agents: ['Ada'], state: 'ended' });

    expect(tab.client.state.agents).toEqual([]);
    expect(readIn(tab)).toEqual([true, true]);
  });
});

describe('a chat in which nobody has written for long', () => {
  async function aWarnedTab() {
    const tab = await openOnline();
    const warnings: string[] = [];
    tab.client.on('idle', ({ chat, endsAt }) => warnings.push(`${chat} ${endsAt}`));
    await tab.socket.push({ type: 'idle', chat: 1, endsAt: ENDS_AT });
    return { tab, warnings };
  }

  test('is about to end, and the page is told once when', async () => {
    const { tab, warnings } = await aWarnedTab();
    await tab.socket.push({ type: 'idle', chat: 1, endsAt: ENDS_AT });

    expect(tab.client.state.endsAt).toBe(ENDS_AT);
    expect(warnings).toEqual([`1 ${ENDS_AT}`]);
  });

  test.each([
    ['the customer writes', anEcho('m1')],
    ['the agent writes', aMessageEvent()],
    ['it has ended', { type: 'ended', chat: 1, by: 'system', at: ENDS_AT }],
  ])('is not about to end any more when %s', async (_, event) => {
    const { tab } = await aWarnedTab();

    await tab.socket.push(event);

    expect(tab.client.state.endsAt).toBeUndefined();
  });

  test('is not about to end when a listing tells what was written', async () => {
    const { tab } = await aWarnedTab();

    await list(tab, { messages: [aMessageEvent()] });

    expect(tab.client.state.endsAt).toBeUndefined();
  });

  test.each([
    ['another chat', { type: 'idle', chat: 2, endsAt: ENDS_AT }],
    ['a time that is none', { type: 'idle', chat: 1 }],
  ])('is not warned of %s', async (_, event) => {
    const tab = await openOnline();

    await tab.socket.push(event);

    expect(tab.client.state.endsAt).toBeUndefined();
  });
});

test('what a listing leaves out for good is marked where it was', async () => {
  const tab = await openOnline({}, aSessionReply({ ...OPEN_CHAT, missed: [aMessageEvent()] }));

  await list(tab, { gap: true, messages: [aMessageEvent({ index: 900, body: 'late' })] }, 120_000);

  expect(shownIn(tab.client)).toEqual(['hello', 'late']);
  expect(tab.client.state.timeline.map((item) => item.kind)).toEqual([
    'message',
    'notice',
    'message',
  ]);
  expect(tab.client.state.timeline[1]).toMatchObject({ notice: { event: 'gap' } });
});
