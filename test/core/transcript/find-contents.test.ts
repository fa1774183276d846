import type { FlexMessage } from '#core/flex';
import { customerIdentity } from '#core/session';
import { toMessageEvent, toMessageEvents } from '#core/transcript/transcript';
import type { Content } from '#protocol/content';
import { aStackWithSession, chat, NOW_MS, SESSION } from '#test/support/memory-stack';

const CONTENT: Content = {
  type: 'quickReply',
  actions: [{ type: 'reply', id: 'yes', title: 'Yes' }],
};

async function theChat() {
  const stack = await aStackWithSession();
  const record = await stack.sessions.find(SESSION, NOW_MS);
  if (record === undefined) throw new Error('there is a session');
  const ports = { sessions: stack.sessions, names: stack.flex, contents: stack.flex };
  stack.flex.contents.set('HX1', { content: CONTENT, body: 'Sure?' });
  const readership = { record, chat: chat(1) };
  return {
    flex: stack.flex,
    show: (message: FlexMessage) => toMessageEvent(ports, readership, message, NOW_MS),
    list: (messages: FlexMessage[]) =>
      toMessageEvents(ports, readership, { messages, complete: true }, NOW_MS),
  };
}

const saying = (changes: Partial<FlexMessage>): FlexMessage => ({
  index: 0,
  author: 'flow',
  role: 'bot',
  body: 'Sure?',
  sentAtMs: NOW_MS,
  ...changes,
});
const customers = { author: customerIdentity(SESSION) };

describe('rich content', () => {
  test('is shown beside the body, wherever Flex keeps it', async () => {
    const { show } = await theChat();

    const inside = await show(saying({ content: CONTENT }));
    const elsewhere = await show(saying({ contentRef: { templateId: 'HX1' } }));

    expect(inside).toMatchObject({ body: 'Sure?', content: CONTENT });
    expect(elsewhere).toMatchObject({ body: 'Sure?', content: CONTENT });
  });

  test('gives a message its text where it has none', async () => {
    const { show } = await theChat();

    const event = await show(saying({ body: '', contentRef: { templateId: 'HX1' } }));

    expect(event.body).toBe('Sure?');
  });

  test('that can not be found leaves the body', async () => {
    const { show } = await theChat();

    const event = await show(saying({ contentRef: { templateId: 'HX2' } }));

    expect(event).toMatchObject({ body: 'Sure?' });
    expect(event).not.toHaveProperty('content');
  });

  test('of the customer is not believed, nor looked for', async () => {
    const { flex, show } = await theChat();

    const event = await show(
      saying({ ...customers, content: CONTENT, contentRef: { templateId: 'HX1' } }),
    );

    expect(event).not.toHaveProperty('content');
    expect(flex.calls).not.toContain('findContent');
  });

  test('is looked for five times at most in one listing, for the latest', async () => {
    const { flex, list } = await theChat();

    const { messages } = await list(
      [0, 1, 2, 3, 4, 5, 6].map((index) => saying({ index, contentRef: { templateId: 'HX1' } })),
    );

    expect(flex.calls.filter((call) => call === 'findContent')).toHaveLength(5);
    expect(messages.map(({ content }) => content !== undefined)).toEqual([
      ...[false, false],
      ...[true, true, true, true, true],
    ]);
  });

  test('gives way where a message would not fit into an event', async () => {
    const { show } = await theChat();
    const name = '\u0001'.repeat(256);
    const file = { id: name, filename: name, contentType: name, size: 1 };

    const event = await show(
      saying({ content: CONTENT, media: Array.from({ length: 20 }, () => file) }),
    );

    expect(event).toMatchObject({ body: 'Sure?', truncated: true });
    expect(event).not.toHaveProperty('content');
  });
});

describe('a choice', () => {
  const choice = { chat: 1, index: 0, id: 'yes' };

  test("is told of the customer's own message", async () => {
    const { show } = await theChat();

    expect(await show(saying({ ...customers, choice }))).toMatchObject({ choice });
  });

  test('is nothing that others make', async () => {
    const { show } = await theChat();

    expect(await show(saying({ choice }))).not.toHaveProperty('choice');
  });
});
