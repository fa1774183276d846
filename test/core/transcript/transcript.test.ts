import { toMessageEvent } from '#core/transcript/transcript';
import { aStackWithSession, chat, NOW_MS, SESSION } from '#test/support/memory-stack';

const HUGE = 'x'.repeat(31_000);
const MEDIA = { id: 'ME1', filename: 'a.txt', contentType: 'text/plain', size: 1 };

async function shown(changes: object) {
  const stack = await aStackWithSession();
  const record = await stack.sessions.find(SESSION, NOW_MS);
  if (record === undefined) throw new Error('there is a session');
  const message = {
    index: 3,
    author: 'ada',
    role: 'agent',
    body: 'hello',
    sentAtMs: NOW_MS,
  } as const;
  const ports = { sessions: stack.sessions, names: stack.flex };
  return toMessageEvent(ports, { record, chat: chat(1) }, { ...message, ...changes }, NOW_MS);
}

describe('a message with a field that is too long is shown in its place', () => {
  test.each([
    ['a file name', { media: [{ ...MEDIA, filename: HUGE }] }],
    ['the id of a file', { media: [{ ...MEDIA, id: HUGE }] }],
    ['the type of a file', { media: [{ ...MEDIA, contentType: HUGE }] }],
    ['the list of files', { media: Array.from({ length: 5_000 }, () => MEDIA) }],
    ['the name of the author', { author: HUGE }],
    ['the body', { body: HUGE + HUGE }],
    ['a body of control characters', { body: '\u0001'.repeat(31_000) }],
    [
      'everything',
      {
        body: '🎈'.repeat(20_000),
        media: Array.from({ length: 200 }, () => ({
          id: '\u0001'.repeat(300),
          filename: '\u0001'.repeat(300),
          contentType: '\u0001'.repeat(300),
          size: 1,
        })),
      },
    ],
  ])('%s', async (_what, changes) => {
    const event = await shown(changes);

    expect(event).toMatchObject({ index: 3, chat: 1 });
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(30_720);
    expect(event.body.isWellFormed()).toBe(true);
  });

  test('with as much of its body as fits', async () => {
    const event = await shown({ body: '🎈'.repeat(20_000) });

    expect(event.truncated).toBe(true);
    expect(event.body.length).toBeGreaterThan(14_000);
  });
});
