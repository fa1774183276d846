/** What a session may cost of Flex in a minute, over all copies of the functions. */
import { answerFrame } from '#core/frames/answer-frame';
import { deliverMessage } from '#core/letters/deliver-message';
import type { Frame } from '#protocol/frames';
import {
  aMessage,
  aStackWithSession,
  type MemoryStack,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

/** As the memory stack has it. */
const FRAMES = 60;
const ENDS = 6;
const STRIKES = 30;

let requests = 0;
const answer = (stack: MemoryStack, frame: Frame, nowMs = NOW_MS) =>
  answerFrame(stack, frame, {
    sessionId: SESSION,
    connectionId: TAB,
    requestId: `r${requests++}`,
    nowMs,
  });

async function anOpenChat(): Promise<MemoryStack> {
  const stack = await aStackWithSession();
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  return stack;
}

async function anExhaustedChat(): Promise<MemoryStack> {
  const stack = await anOpenChat();
  for (let n = 0; n < FRAMES; n += 1) await answer(stack, { action: 'history' });
  stack.flex.calls.length = 0;
  return stack;
}

describe('a session that has asked Flex too often', () => {
  test.each<Frame>([{ action: 'history' }, { action: 'markRead', chat: 1, index: 0 }])(
    'is refused %j without a call, and served again in the next minute',
    async (frame) => {
      const stack = await anExhaustedChat();

      const refused = answer(stack, frame);

      await expect(refused).rejects.toMatchObject({ code: 'TOO_FAST' });
      expect(stack.flex.calls).toEqual([]);
      expect(stack.mailbox.letters(SESSION)).toEqual([]);
      expect(await answer(stack, frame, NOW_MS + 60_000)).toBeDefined();
    },
  );

  test.each<Frame>([{ action: 'hello' }, { action: 'startChat' }])(
    'is answered %j without a call, and told that there may be more',
    async (frame) => {
      const stack = await anExhaustedChat();

      const reply = await answer(stack, frame);

      expect(reply).toMatchObject({ type: 'session', missed: [], complete: false });
      expect(stack.flex.calls).toEqual([]);
    },
  );

  test('may still send messages', async () => {
    const stack = await anExhaustedChat();

    const reply = await answer(stack, { action: 'sendMessage', id: 'm2', body: 'hello' });

    expect(reply).toEqual({ type: 'accepted', id: 'm2' });
  });

  test('counts no hello before there is anything in Flex', async () => {
    const stack = await aStackWithSession();
    for (let n = 0; n < 2 * FRAMES; n += 1) await answer(stack, { action: 'hello' });
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(await answer(stack, { action: 'history' })).toMatchObject({ type: 'history' });
  });
});

describe('a customer who ends one chat after the other', () => {
  test('is refused', async () => {
    const stack = await anOpenChat();
    for (let n = 0; n < ENDS; n += 1) await answer(stack, { action: 'endChat' });

    const refused = answer(stack, { action: 'endChat' });

    await expect(refused).rejects.toMatchObject({ code: 'TOO_FAST' });
    expect(stack.mailbox.letters(SESSION)).toHaveLength(ENDS);
  });
});

describe('a client that goes on sending what is refused', () => {
  const closing = { type: 'closing', reason: 'abuse', reconnect: false };

  test('loses its session, over however many connections and copies', async () => {
    const stack = await anOpenChat();
    const paced = { ...POLICY, burstWindowMs: 10_000 };

    for (let n = 0; n < 20 + STRIKES; n += 1) {
      await deliverMessage(stack, paced, aMessage({ id: `n${n}` }), NOW_MS);
    }

    expect(stack.customers.pushed(TAB)).toContainEqual(closing);
    expect(await stack.sessions.find(SESSION, NOW_MS)).toBeUndefined();
  });

  test('loses it by sending one message again and again, for which Flex is asked each time', async () => {
    const stack = await anOpenChat();
    stack.flex.calls.length = 0;

    for (let n = 0; n < 3 * STRIKES; n += 1)
      await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(stack.customers.pushed(TAB)).toContainEqual(closing);
    expect(stack.flex.calls).toHaveLength(STRIKES);
  });

  test('keeps it when the queue delivers one message again and again', async () => {
    const stack = await anOpenChat();

    for (let n = 0; n < 3 * STRIKES; n += 1) {
      await deliverMessage(stack, POLICY, aMessage(), NOW_MS, { isAgain: true });
    }

    expect(await stack.sessions.find(SESSION, NOW_MS)).toBeDefined();
  });

  test('keeps it when messages accepted over many minutes are delivered in one', async () => {
    const stack = await anOpenChat();
    const acceptedAt = (minute: number) => NOW_MS - minute * 60_000;

    for (let minute = 0; minute < 3; minute += 1) {
      for (let n = 0; n < STRIKES; n += 1) {
        await deliverMessage(stack, POLICY, aMessage({ acceptedAtMs: acceptedAt(minute) }), NOW_MS);
      }
    }

    expect(await stack.sessions.find(SESSION, NOW_MS)).toBeDefined();
  });

  test('keeps it when a message comes again some times', async () => {
    const stack = await anOpenChat();

    for (let n = 0; n < STRIKES; n += 1) await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(await stack.sessions.find(SESSION, NOW_MS)).toBeDefined();
  });
});
