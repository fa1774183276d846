import { ChatError } from '#core/errors';
import { connectionId, sessionId } from '#core/ids';
import { deliverMessage } from '#core/letters/deliver-message';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';
import {
  aMessage,
  aStackWithSession,
  chat,
  createMemoryStack,
  DAY_MS,
  type MemoryStack,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

const bodies = (stack: MemoryStack, number: number) =>
  stack.flex.channelOf(chat(number))?.messages.map((message) => message.body);

const stateOf = async (stack: MemoryStack) =>
  (await stack.sessions.find(SESSION, NOW_MS))?.session.chat;

const refused = () => new ChatError('UPSTREAM_REFUSED', 'Twilio says no for good');

describe('deliverMessage', () => {
  test('opens, routes and posts on the first message', async () => {
    const stack = await aStackWithSession();

    const delivery = await deliverMessage(stack, POLICY, aMessage({ chat: 1 }), NOW_MS);

    expect(delivery).toBe('posted');
    expect(stack.flex.calls).toEqual(['openChannel', 'routeChannel', 'postMessage']);
    expect(await stateOf(stack)).toMatchObject({ number: 1, state: 'open' });
  });

  test('tells the customer of a blank message that an earlier version took, and opens no chat', async () => {
    const stack = await aStackWithSession();

    const delivery = await deliverMessage(stack, POLICY, aMessage({ body: '\u200b \n' }), NOW_MS);

    expect(delivery).toBe('rejected');
    expect(stack.flex.calls).toEqual([]);
    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'rejected', id: 'm1', code: 'bad_frame' },
    ]);
  });

  test('makes one call to Flex for a message of an open chat', async () => {
    const stack = await aStackWithSession();
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
    stack.flex.calls.length = 0;

    await deliverMessage(stack, POLICY, aMessage({ id: 'm2', body: 'again' }), NOW_MS);

    expect(stack.flex.calls).toEqual(['postMessage']);
    expect(bodies(stack, 1)).toEqual(['hello', 'again']);
  });

  test('links the channel to its chat before it is routed', async () => {
    const stack = await aStackWithSession();
    stack.flex.failNext('routeChannel', 'before');

    await expect(deliverMessage(stack, POLICY, aMessage(), NOW_MS)).rejects.toThrow(ChatError);

    const sid = stack.flex.channelOf(chat(1))?.sid;
    expect(sid && (await stack.channels.find(sid, NOW_MS))).toEqual(chat(1));
  });

  test('keeps the link for a session that is renewed again and again', async () => {
    const stack = await aStackWithSession();
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    const sid = stack.flex.channelOf(chat(1))?.sid;
    const weeksLater = NOW_MS + 29 * DAY_MS;

    expect(sid && (await stack.channels.find(sid, weeksLater))).toEqual(chat(1));
  });

  test.each([
    ['openChannel', 'before'],
    ['openChannel', 'after'],
    ['routeChannel', 'before'],
    ['routeChannel', 'after'],
    ['postMessage', 'before'],
    ['postMessage', 'after'],
  ] as const)(
    'posts once when %s fails %s it took effect and the letter comes again',
    async (method, when) => {
      const stack = await aStackWithSession();
      stack.flex.failNext(method, when);

      await expect(deliverMessage(stack, POLICY, aMessage(), NOW_MS)).rejects.toThrow('no answer');
      await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

      expect(bodies(stack, 1)).toEqual(['hello']);
      expect(stack.flex.channelOf(chat(1))?.tasks).toBe(1);
    },
  );

  test('pushes the echo again when it finds the message of an earlier attempt', async () => {
    const stack = await aStackWithSession();
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    const delivery = await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(delivery).toBe('found');
    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'message', id: 'm1', index: 0 }]);
  });

  test('looks into Flex before it posts a message that has waited, as its id may be forgotten', async () => {
    const stack = await aStackWithSession();
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
    for (let n = 0; n < REMEMBERED_MESSAGE_IDS; n += 1) {
      await deliverMessage(stack, POLICY, aMessage({ id: `later-${n}` }), NOW_MS);
    }
    const sentAgain = aMessage({ acceptedAtMs: NOW_MS });

    const delivery = await deliverMessage(stack, POLICY, sentAgain, NOW_MS + 60_000);

    expect(delivery).toBe('found');
    expect(bodies(stack, 1)).toHaveLength(1 + REMEMBERED_MESSAGE_IDS);
  });

  test('rejects a message for an ended chat and opens no task', async () => {
    const stack = await aStackWithSession();
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
    stack.flex.close(chat(1));
    await deliverMessage(stack, POLICY, aMessage({ id: 'm2', chat: 1 }), NOW_MS);

    const delivery = await deliverMessage(stack, POLICY, aMessage({ id: 'm3', chat: 1 }), NOW_MS);

    expect(delivery).toBe('rejected');
    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'ended', chat: 1, by: 'agent', at: '2026-11-22T09:00:00.000Z' },
      { type: 'rejected', id: 'm2', code: 'chat_ended' },
      { type: 'rejected', id: 'm3', code: 'chat_ended' },
    ]);
    expect(stack.flex.channelOf(chat(2))).toBeUndefined();
  });

  test('opens the next chat when the last has ended and the message names none', async () => {
    const stack = await aStackWithSession();
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
    stack.flex.close(chat(1));

    const delivery = await deliverMessage(
      stack,
      POLICY,
      aMessage({ id: 'm2', body: 'next' }),
      NOW_MS,
    );

    expect(delivery).toBe('posted');
    expect(bodies(stack, 1)).toEqual(['hello']);
    expect(bodies(stack, 2)).toEqual(['next']);
  });

  test('does not repeat a message in the next chat when its own chat ended after the post', async () => {
    const stack = await aStackWithSession();
    stack.flex.failNext('postMessage', 'after');
    await expect(deliverMessage(stack, POLICY, aMessage(), NOW_MS)).rejects.toThrow();
    stack.flex.close(chat(1));
    const open = await stateOf(stack);
    if (open?.state !== 'open') throw new Error('the chat is open here');
    await stack.sessions.changeChat(SESSION, open, { ...open, state: 'ended' });
    await stack.sessions.changeChat(
      SESSION,
      { ...open, state: 'ended' },
      { number: 2, state: 'none' },
    );

    const delivery = await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(delivery).toBe('found');
    expect(stack.flex.channelOf(chat(2))).toBeUndefined();
  });

  test('finds a message that names no chat in one of the chats before', async () => {
    const stack = await aStackWithSession();
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
    for (const number of [1, 2, 3]) {
      stack.flex.close(chat(number));
      await deliverMessage(stack, POLICY, aMessage({ id: `next-${number}` }), NOW_MS);
    }

    const delivery = await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(delivery).toBe('found');
    expect(bodies(stack, 4)).toHaveLength(1);
  });

  test('rejects a message for a chat that has not begun', async () => {
    const stack = await aStackWithSession();

    await deliverMessage(stack, POLICY, aMessage({ chat: 7 }), NOW_MS);

    expect(stack.customers.pushed(TAB)).toEqual([{ type: 'rejected', id: 'm1', code: 'no_chat' }]);
  });

  test('tells the customer when Flex refuses the message for good', async () => {
    const stack = await aStackWithSession();
    stack.flex.failNext('postMessage', 'before', refused());

    const delivery = await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(delivery).toBe('rejected');
    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'rejected', id: 'm1', code: 'undeliverable' },
    ]);
  });

  test('tells the customer when Flex refuses the channel for good', async () => {
    const stack = await aStackWithSession();
    stack.flex.failNext('openChannel', 'before', refused());

    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(stack.customers.pushed(TAB)).toMatchObject([
      { type: 'rejected', code: 'undeliverable' },
    ]);
    expect(await stateOf(stack)).toEqual({ number: 1, state: 'none' });
  });

  test('ends the chat when its channel was closed while it was being opened', async () => {
    const stack = await aStackWithSession();
    stack.flex.failNext('routeChannel', 'after');
    await expect(deliverMessage(stack, POLICY, aMessage({ chat: 1 }), NOW_MS)).rejects.toThrow();
    stack.flex.close(chat(1));

    await deliverMessage(stack, POLICY, aMessage({ chat: 1 }), NOW_MS);

    expect(stack.customers.pushed(TAB)).toMatchObject([
      { type: 'ended', chat: 1 },
      { type: 'rejected', id: 'm1', code: 'chat_ended' },
    ]);
  });

  test('leaves a message to a later delivery when one chat after the other ends under it', async () => {
    const stack = await aStackWithSession();
    for (let n = 0; n < 9; n += 1) {
      stack.flex.failNext('postMessage', 'before', new ChatError('CHAT_ENDED', 'over'));
    }

    const delivery = deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    await expect(delivery).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(stack.flex.calls.filter((call) => call === 'postMessage')).toHaveLength(5);
  });

  test('begins a session for a client that sends before hello', async () => {
    const stack = createMemoryStack();

    const delivery = await deliverMessage(stack, POLICY, aMessage(), NOW_MS);

    expect(delivery).toBe('posted');
    expect(await stateOf(stack)).toMatchObject({ number: 1, state: 'open' });
  });

  test('does not revive an expired session', async () => {
    const stack = await aStackWithSession();

    const delivery = await deliverMessage(stack, POLICY, aMessage(), NOW_MS + DAY_MS);

    expect(delivery).toBe('rejected');
    expect(stack.flex.calls).toEqual([]);
  });

  test.each([
    ['revoked', { reason: 'revoked', reconnect: false }, NOW_MS],
    ['expired', { reason: 'expired', reconnect: true }, NOW_MS + DAY_MS],
  ] as const)(
    'tells a connection that is left over of a %s session',
    async (how, closing, nowMs) => {
      const stack = await aStackWithSession();
      const left = connectionId('left-over');
      await stack.connections.add(SESSION, left, nowMs, nowMs + DAY_MS);
      if (how === 'revoked') await stack.sessions.revoke(SESSION);

      await deliverMessage(stack, POLICY, aMessage(), nowMs);

      expect(stack.customers.pushed(left)).toEqual([
        { type: 'rejected', id: 'm1', code: 'no_chat' },
        { type: 'closing', ...closing },
      ]);
      expect(stack.customers.isGone(left)).toBe(true);
    },
  );

  test('pushes a rejection to the sender alone', async () => {
    const stack = await aStackWithSession();
    const other = sessionId('session-2');
    await stack.sessions.renew(other, NOW_MS, NOW_MS + DAY_MS);
    await stack.connections.add(other, 'tab-of-2' as never, NOW_MS, NOW_MS + DAY_MS);

    await deliverMessage(stack, POLICY, aMessage({ chat: 7 }), NOW_MS);

    expect(stack.customers.pushed('tab-of-2' as never)).toEqual([]);
  });
});
