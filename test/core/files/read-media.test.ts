import { answerFrame } from '#core/frames/answer-frame';
import { connectionId, sessionId } from '#core/ids';
import { deliverMessage } from '#core/letters/deliver-message';
import {
  aMessage,
  aStackWithSession,
  chat,
  DAY_MS,
  type MemoryStack,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

const FILE = { id: 'ME7', filename: 'label.pdf', contentType: 'application/pdf', size: 9 };

async function aTalkWithAFile(): Promise<MemoryStack> {
  const stack = await aStackWithSession();
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  stack.flex.say(chat(1), 'agent', 'ada', 'Two for you', {
    media: [{ ...FILE, id: 'ME6' }, FILE],
  });
  return stack;
}

const open = (
  stack: Parameters<typeof answerFrame>[0],
  changed: { chat?: number; index?: number; id?: string } = {},
  session = SESSION,
) =>
  answerFrame(
    stack,
    { action: 'media', chat: 1, index: 1, id: FILE.id, ...changed },
    { sessionId: session, connectionId: TAB, requestId: 'r1', nowMs: NOW_MS },
  );

describe('media', () => {
  test('is answered by the address of a file in a message', async () => {
    expect(await open(await aTalkWithAFile())).toEqual({
      type: 'media',
      chat: 1,
      index: 1,
      id: 'ME7',
      url: 'https://media.example/ME7',
    });
  });

  test.each([
    ['of another message', { index: 0 }],
    ['behind the last message', { index: 9 }],
    ['that nobody has sent', { id: 'ME8' }],
  ])('opens no file %s', async (_, changed) => {
    await expect(open(await aTalkWithAFile(), changed)).rejects.toMatchObject({
      code: 'FILE_GONE',
    });
  });

  test('opens no file of a chat that has not begun', async () => {
    await expect(open(await aTalkWithAFile(), { chat: 2 })).rejects.toMatchObject({
      code: 'NO_CHAT',
    });
  });

  test("opens no file of another session's chat", async () => {
    const stack = await aTalkWithAFile();
    const other = sessionId('session-2');
    await stack.sessions.renew(other, NOW_MS, NOW_MS + DAY_MS);
    await stack.connections.add(other, connectionId('tab-9'), NOW_MS, NOW_MS + DAY_MS);

    await expect(open(stack, {}, other)).rejects.toMatchObject({ code: 'NO_CHAT' });
  });

  test('shares the budget of frames that cost calls of Twilio', async () => {
    const stack = await aTalkWithAFile();
    for (let n = 0; n < 60; n += 1) await stack.flexFrames.admit(SESSION, NOW_MS);

    await expect(open(stack)).rejects.toMatchObject({ code: 'TOO_FAST' });
  });

  test('is not supported where files are off', async () => {
    const { files: _, ...stack } = await aTalkWithAFile();

    await expect(open(stack)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  });
});
