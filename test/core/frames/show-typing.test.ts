import { ChatError } from '#core/errors';
import { answerFrame } from '#core/frames/answer-frame';
import { deliverMessage } from '#core/letters/deliver-message';
import { RateLimiter } from '#core/rate-limiter';
import {
  aMessage,
  aStackWithSession,
  chat,
  type MemoryStack,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

const OK = { type: 'ok', action: 'typing' };

const type = (stack: MemoryStack, frame: { chat?: number; index?: number } = {}, atMs = NOW_MS) =>
  answerFrame(
    stack,
    { action: 'typing', ...frame },
    { sessionId: SESSION, connectionId: TAB, requestId: 'request', nowMs: atMs },
  );

async function anOpenChat(): Promise<MemoryStack> {
  const stack = await aStackWithSession();
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  return stack;
}

const shown = ({ flex }: MemoryStack) => flex.calls.filter((call) => call === 'showTyping').length;

describe('typing', () => {
  test('is shown to agents at once, past the queue', async () => {
    const stack = await anOpenChat();

    expect(await type(stack, { chat: 1, index: 0 })).toEqual(OK);

    expect(stack.flex.channelOf(chat(1))).toMatchObject({
      typingAtMs: NOW_MS,
      customerReadIndex: 0,
    });
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });

  test('of a client that names no chat counts for the open one', async () => {
    const stack = await anOpenChat();

    await type(stack);

    expect(shown(stack)).toBe(1);
  });

  test('costs Flex nothing before the first message and for another chat', async () => {
    const fresh = await aStackWithSession();
    const open = await anOpenChat();

    expect(await type(fresh)).toEqual(OK);
    expect(await type(open, { chat: 2 })).toEqual(OK);

    expect([shown(fresh), shown(open)]).toEqual([0, 0]);
  });

  test('is dropped without a word, and not tried again, while Flex is busy', async () => {
    const stack = await anOpenChat();
    stack.flex.failNext('showTyping', 'before', new ChatError('RATE_LIMITED', 'busy'));

    expect(await type(stack)).toEqual(OK);

    expect(shown(stack)).toBe(1);
    expect(stack.flex.channelOf(chat(1))?.typingAtMs).toBeUndefined();
  });

  test('does not hide a fault of ours', async () => {
    const stack = await anOpenChat();
    stack.flex.failNext('showTyping', 'before', new TypeError('a bug'));

    await expect(type(stack)).rejects.toThrow('a bug');
  });

  test('is not supported where nobody would see it', async () => {
    const stack = await anOpenChat();
    delete stack.flex.signals;

    await expect(type(stack)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  });

  test('reaches Flex three times at once, and not again while frames come without a pause', async () => {
    const stack = await anOpenChat();

    for (let frame = 0; frame < 50; frame += 1) expect(await type(stack)).toEqual(OK);
    const atOnce = shown(stack);
    for (let second = 0; second < 60; second += 1) await type(stack, {}, NOW_MS + second * 1000);

    expect(atOnce).toBe(3);
    expect(shown(stack)).toBe(3);
  });

  test('reaches Flex each time that it is told every 4 s, as our client does', async () => {
    const stack = await anOpenChat();

    for (let time = 0; time < 15; time += 1) await type(stack, {}, NOW_MS + time * 4_000);

    expect(shown(stack)).toBe(15);
  });

  test('is bounded over all copies of the function', async () => {
    const stack = await anOpenChat();

    for (let copy = 0; copy < 20; copy += 1) {
      const fresh = { ...stack, typing: new RateLimiter({ perMinute: 20, burst: 3 }) };
      for (let frame = 0; frame < 3; frame += 1) await type(fresh);
    }

    expect(shown(stack)).toBe(20);
  });
});
