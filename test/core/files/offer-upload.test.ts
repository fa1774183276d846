import { answerFrame } from '#core/frames/answer-frame';
import type { Frame } from '#protocol/frames';
import {
  createMemoryStack,
  type MemoryStack,
  NOW_MS,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

const CONTEXT = { sessionId: SESSION, connectionId: TAB, requestId: 'r1', nowMs: NOW_MS };

type Attach = Extract<Frame, { action: 'attach' }>;

const attach = (stack: Parameters<typeof answerFrame>[0], changed: Partial<Attach> = {}) =>
  answerFrame(
    stack,
    {
      action: 'attach',
      id: 'f1',
      filename: 'cat.png',
      contentType: 'image/png',
      size: 10,
      ...changed,
    },
    CONTEXT,
  );

const withoutFiles = ({ files: _, ...stack }: MemoryStack) => stack;

describe('attach', () => {
  test('is answered by a form that is good for five minutes', async () => {
    const reply = await attach(createMemoryStack(), { chat: 1 });

    expect(reply).toEqual({
      type: 'upload',
      id: 'f1',
      url: 'memory:',
      fields: { key: 'session-1/f1/0' },
      expiresAt: '2026-11-22T09:05:00.000Z',
    });
  });

  test('makes no letter: only the file itself does', async () => {
    const stack = createMemoryStack();

    await attach(stack);

    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });

  test.each<[string, Partial<Attach>, string]>([
    ['is too large', { size: 1_001 }, 'FILE_TOO_LARGE'],
    ['is of a type that is not allowed', { contentType: 'image/gif' }, 'WRONG_FILE_TYPE'],
    ['is of an unknown type', { contentType: 'text/html' }, 'WRONG_FILE_TYPE'],
    ['has the name of another type', { filename: 'cat.exe' }, 'WRONG_FILE_TYPE'],
    ['has a name without an ending', { filename: 'png' }, 'WRONG_FILE_TYPE'],
    ['hides its ending', { filename: 'cat.png.html' }, 'WRONG_FILE_TYPE'],
  ])('is refused for a file that %s', async (_, changed, code) => {
    await expect(attach(createMemoryStack(), changed)).rejects.toMatchObject({ code });
  });

  test('is refused once the session has had its number of files', async () => {
    const stack = createMemoryStack();
    await attach(stack, { id: 'f1' });
    await attach(stack, { id: 'f2' });

    await expect(attach(stack, { id: 'f3' })).rejects.toMatchObject({ code: 'TOO_MANY_FILES' });
  });

  test('shares the budget of frames that cost calls of Twilio', async () => {
    const stack = createMemoryStack();
    for (let n = 0; n < 60; n += 1) await stack.flexFrames.admit(SESSION, NOW_MS);

    await expect(attach(stack)).rejects.toMatchObject({ code: 'TOO_FAST' });
  });

  test('is not supported where files are off, and hello does not tell of them', async () => {
    const stack = withoutFiles(createMemoryStack());

    await expect(attach(stack)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    expect(await answerFrame(stack, { action: 'hello' }, CONTEXT)).not.toHaveProperty('files');
  });
});

test('hello tells which files are taken', async () => {
  expect(await answerFrame(createMemoryStack(), { action: 'hello' }, CONTEXT)).toMatchObject({
    files: {
      maxBytes: 1_000,
      types: { 'image/png': ['png'], 'text/plain': ['txt', 'log'], 'application/pdf': ['pdf'] },
    },
  });
});
