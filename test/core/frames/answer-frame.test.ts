import { ChatError } from '#core/errors';
import { answerFrame } from '#core/frames/answer-frame';
import { sessionId } from '#core/ids';
import { deliverMessage } from '#core/letters/deliver-message';
import type { EventOf, EventType, ServerEvent } from '#protocol/events';
import type { Frame } from '#protocol/frames';
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

let requests = 0;
const answer = (stack: MemoryStack, frame: Frame, requestId = `request-${requests++}`) =>
  answerFrame(stack, frame, { sessionId: SESSION, connectionId: TAB, requestId, nowMs: NOW_MS });

function as<Type extends EventType>(type: Type, event: ServerEvent): EventOf<Type> {
  expect(event.type).toBe(type);
  return event as EventOf<Type>;
}

/** Chat 1 with three messages of the customer and one of an agent. */
async function aTalk(): Promise<MemoryStack> {
  const stack = await aStackWithSession();
  for (const id of ['m1', 'm2', 'm3'])
    await deliverMessage(stack, POLICY, aMessage({ id, body: id }), NOW_MS);
  stack.flex.say(chat(1), 'agent', 'ada', 'good morning');
  return stack;
}

async function endChatOne(stack: MemoryStack): Promise<void> {
  const record = await stack.sessions.find(SESSION, NOW_MS);
  const current = record?.session.chat;
  if (current?.state !== 'open') throw new Error('chat 1 is open here');
  await stack.sessions.changeChat(SESSION, current, { ...current, state: 'ended' });
}

describe('hello', () => {
  test('begins a session with chat 1 and a token for it', async () => {
    const stack = createMemoryStack();

    const reply = as('session', await answer(stack, { action: 'hello' }));

    expect(reply).toMatchObject({
      sessionId: SESSION,
      chat: { number: 1, state: 'none' },
      missed: [],
      complete: true,
      expiresAt: '2026-11-23T09:00:00.000Z',
    });
    expect(await stack.tokens.verify(reply.token, NOW_MS)).toBe(SESSION);
    expect(stack.flex.calls).toEqual([]);
  });

  test('keeps the session longer than a connection opened with its last token lives', async () => {
    const stack = createMemoryStack();
    const { expiresAt } = as('session', await answer(stack, { action: 'hello' }));
    const lastHandshakeMs = Date.parse(expiresAt) - 1;
    const connectionLifeMs = 2 * 60 * 60_000;

    const record = await stack.sessions.find(SESSION, lastHandshakeMs + connectionLifeMs);

    expect(record).toBeDefined();
  });

  test('gives the whole current chat when there is no cursor', async () => {
    const stack = await aTalk();

    const reply = as('session', await answer(stack, { action: 'hello' }));

    expect(reply.missed.map((message) => message.body)).toEqual(['m1', 'm2', 'm3', 'good morning']);
    expect(reply.chat).toEqual({ number: 1, state: 'open', lastIndex: 3 });
  });

  test('gives what came after the cursor', async () => {
    const stack = await aTalk();

    const reply = as(
      'session',
      await answer(stack, { action: 'hello', after: { chat: 1, index: 2 } }),
    );

    expect(reply.missed).toMatchObject([
      { index: 3, author: { role: 'agent', name: 'Agent ada' } },
    ]);
  });

  test("gives the cursor's index as lastIndex when nothing was missed", async () => {
    const stack = await aTalk();

    const reply = as(
      'session',
      await answer(stack, { action: 'hello', after: { chat: 1, index: 3 } }),
    );

    expect(reply).toMatchObject({ missed: [], complete: true, chat: { lastIndex: 3 } });
  });

  test('tells which messages before the cursor are gone, and which say something else', async () => {
    const stack = await aTalk();
    stack.flex.remove(chat(1), 0);
    stack.flex.edit(chat(1), 3, 'good day');
    const after = { chat: 1, index: 3 };

    const kept = {
      chat: 1,
      from: -1,
      upTo: 3,
      indexes: [1, 2, 3],
      edited: [{ index: 3, body: 'good day', editedAt: expect.any(String) }],
    };

    expect(await answer(stack, { action: 'hello', after })).toMatchObject({ missed: [], kept });
    expect(await answer(stack, { action: 'history', after })).toMatchObject({ messages: [], kept });
  });

  test('tells as far back of changed messages as fits into a reply', async () => {
    const stack = await aTalk();
    for (let index = 4; index < 10; index += 1) {
      stack.flex.say(chat(1), 'agent', 'ada', 'x'.repeat(9_000));
      stack.flex.edit(chat(1), index, 'y'.repeat(9_000));
    }

    const reply = as(
      'history',
      await answer(stack, { action: 'history', after: { chat: 1, index: 9 } }),
    );

    expect(reply.kept).toMatchObject({ from: 6, indexes: [7, 8, 9] });
    expect(reply.kept?.edited.map(({ index }) => index)).toEqual([7, 8, 9]);
    expect(JSON.stringify(reply).length).toBeLessThan(32_768);
  });

  test('lists the latest messages for who has none, and whether there are earlier ones', async () => {
    const stack = await aTalk();

    const reply = as('session', await answer(stack, { action: 'hello', latest: true }));
    const two = as('history', await answer(stack, { action: 'history', latest: true, limit: 2 }));

    expect(reply).toMatchObject({ complete: true, earlier: false, chat: { lastIndex: 3 } });
    expect(reply.missed.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(two).toMatchObject({ complete: true, earlier: true });
    expect(two.messages.map(({ index }) => index)).toEqual([2, 3]);
  });

  test('lists what comes after a cursor, whoever asks for the latest as well', async () => {
    const after = { chat: 1, index: 0 };

    const reply = as(
      'history',
      await answer(await aTalk(), { action: 'history', after, latest: true, limit: 1 }),
    );

    expect(reply).toMatchObject({ messages: [{ index: 1 }], complete: false });
    expect(reply).not.toHaveProperty('earlier');
  });

  test('knows of nothing earlier before anything was said', async () => {
    const stack = await aStackWithSession();

    const replies = [
      await answer(stack, { action: 'hello', latest: true }),
      await answer(stack, { action: 'history', latest: true }),
    ];

    expect(replies).toMatchObject([{ earlier: false }, { earlier: false }]);
  });

  test('leaves out the first of the latest messages where not all fit', async () => {
    const stack = await aTalk();
    for (let n = 4; n < 13; n += 1) stack.flex.say(chat(1), 'agent', 'ada', 'x'.repeat(8_000));

    const reply = as('session', await answer(stack, { action: 'hello', latest: true }));

    expect(reply).toMatchObject({ complete: true, earlier: true });
    expect(reply.missed.map(({ index }) => index)).toEqual([10, 11, 12]);
  });

  test('says that there is more when the cursor is in an earlier chat', async () => {
    const stack = await aTalk();
    await endChatOne(stack);
    await answer(stack, { action: 'startChat' });

    const reply = as(
      'session',
      await answer(stack, { action: 'hello', after: { chat: 1, index: 2 } }),
    );

    expect(reply).toMatchObject({ missed: [{ chat: 1, index: 3 }], complete: false });
    expect(reply.chat).toEqual({ number: 2, state: 'none' });
  });

  test('answers without messages and asks to come back when Flex is out of reach', async () => {
    const stack = await aTalk();
    stack.flex.failNext('listMessages', 'before');

    const reply = as('session', await answer(stack, { action: 'hello' }));

    expect(reply).toMatchObject({
      missed: [],
      complete: false,
      chat: { number: 1, state: 'open' },
    });
  });

  test('detects an end that no webhook told, and tells every connection once', async () => {
    const stack = await aTalk();
    stack.flex.close(chat(1));

    const reply = as('session', await answer(stack, { action: 'hello' }));
    await answer(stack, { action: 'hello' });

    expect(reply).toMatchObject({ chat: { number: 1, state: 'ended', lastIndex: 3 } });
    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'ended', chat: 1, by: 'agent' }]);
  });

  test('names the customer as the profile says', async () => {
    const stack = await aTalk();

    const reply = as(
      'session',
      await answer(stack, { action: 'hello', profile: { name: 'Grace' } }),
    );

    expect(reply.missed[0]?.author).toEqual({ role: 'customer', name: 'Grace' });
  });

  test('does not revive an expired session', async () => {
    const stack = await aStackWithSession();

    const late = answerFrame(
      stack,
      { action: 'hello' },
      { sessionId: SESSION, connectionId: TAB, requestId: 'r', nowMs: NOW_MS + DAY_MS },
    );

    await expect(late).rejects.toMatchObject({ code: 'SESSION_GONE' });
    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'closing', reason: 'expired', reconnect: true },
    ]);
    expect(stack.customers.isGone(TAB)).toBe(true);
  });
});

describe('a session that was revoked while one of its connections could not be reached', () => {
  test.each([{ action: 'hello' }, { action: 'history' }, { action: 'endChat' }] as const)(
    'is over for that connection at its next %j',
    async (frame) => {
      const stack = await aTalk();
      await stack.sessions.revoke(SESSION);

      await expect(answer(stack, frame)).rejects.toMatchObject({ code: 'SESSION_GONE' });

      expect(stack.customers.pushed(TAB)).toEqual([
        { type: 'closing', reason: 'revoked', reconnect: false },
      ]);
      expect(stack.customers.isGone(TAB)).toBe(true);
    },
  );
});

describe('history', () => {
  test('gives a page and says that there is more', async () => {
    const stack = await aTalk();

    const reply = as('history', await answer(stack, { action: 'history', limit: 2 }));

    expect(reply.messages.map((message) => message.index)).toEqual([0, 1]);
    expect(reply).toMatchObject({ chat: 1, complete: false, state: 'open' });
  });

  test('reads an earlier chat as ended', async () => {
    const stack = await aTalk();
    await endChatOne(stack);
    await answer(stack, { action: 'startChat' });

    const reply = as(
      'history',
      await answer(stack, { action: 'history', after: { chat: 1, index: 2 } }),
    );

    expect(reply).toMatchObject({
      chat: 1,
      state: 'ended',
      complete: true,
      messages: [{ index: 3 }],
    });
  });

  test('is empty and complete for a chat without messages', async () => {
    const stack = await aStackWithSession();

    const reply = as('history', await answer(stack, { action: 'history' }));

    expect(reply).toEqual({
      type: 'history',
      chat: 1,
      messages: [],
      complete: true,
      state: 'none',
    });
  });

  test('refuses a chat that has not begun', async () => {
    const stack = await aTalk();

    const refused = answer(stack, { action: 'history', after: { chat: 2, index: -1 } });

    await expect(refused).rejects.toMatchObject({ code: 'NO_CHAT' });
  });

  test('refuses before hello', async () => {
    await expect(answer(createMemoryStack(), { action: 'history' })).rejects.toMatchObject({
      code: 'NO_CHAT',
    });
  });

  test('cuts a page to the size of one event', async () => {
    const stack = await aStackWithSession();
    const body = 'é'.repeat(4_096);
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await deliverMessage(stack, POLICY, aMessage({ id, body }), NOW_MS);
    }

    const reply = as('history', await answer(stack, { action: 'history' }));

    expect(Buffer.byteLength(JSON.stringify(reply))).toBeLessThan(32_768);
    expect(reply.messages).toHaveLength(3);
    expect(reply.complete).toBe(false);
  });

  test('cuts one message that is larger than an event and marks it', async () => {
    const stack = await aTalk();
    stack.flex.say(chat(1), 'agent', 'ada', '😀'.repeat(20_000));

    const reply = as(
      'history',
      await answer(stack, { action: 'history', after: { chat: 1, index: 3 } }),
    );

    expect(Buffer.byteLength(JSON.stringify(reply))).toBeLessThan(32_768);
    expect(reply.messages[0]).toMatchObject({ truncated: true });
    expect(reply.messages[0]?.body.isWellFormed()).toBe(true);
  });

  test('detects an end that no webhook told', async () => {
    const stack = await aTalk();
    stack.flex.close(chat(1));

    const reply = as('history', await answer(stack, { action: 'history' }));

    expect(reply).toMatchObject({ state: 'ended', complete: true });
    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'ended', chat: 1 }]);
  });

  test('shows messages that came between the listing and the end', async () => {
    const stack = await aTalk();
    const { channelState } = stack.flex;
    stack.flex.channelState = async (reference) => {
      stack.flex.say(chat(1), 'agent', 'ada', 'last words');
      stack.flex.close(chat(1));
      return channelState.call(stack.flex, reference);
    };

    const reply = as('history', await answer(stack, { action: 'history' }));

    expect(reply.messages.at(-1)).toMatchObject({ body: 'last words' });
  });

  test('does not ask for the state of a chat that is known to have ended', async () => {
    const stack = await aTalk();
    await endChatOne(stack);
    stack.flex.calls.length = 0;

    await answer(stack, { action: 'history' });

    expect(stack.flex.calls).not.toContain('channelState');
  });

  test('fails when Flex is out of reach', async () => {
    const stack = await aTalk();
    stack.flex.failNext('listMessages', 'before');

    await expect(answer(stack, { action: 'history' })).rejects.toBeInstanceOf(ChatError);
  });
});

describe('startChat', () => {
  test('gives the next chat its number after an end', async () => {
    const stack = await aTalk();
    await endChatOne(stack);

    const reply = as('session', await answer(stack, { action: 'startChat' }));

    expect(reply.chat).toEqual({ number: 2, state: 'none' });
  });

  test('counts once when two tabs ask', async () => {
    const stack = await aTalk();
    await endChatOne(stack);

    await answer(stack, { action: 'startChat' });
    const reply = as('session', await answer(stack, { action: 'startChat' }));

    expect(reply.chat).toEqual({ number: 2, state: 'none' });
  });

  test('leaves an open chat open', async () => {
    const stack = await aTalk();

    const reply = as('session', await answer(stack, { action: 'startChat' }));

    expect(reply.chat).toMatchObject({ number: 1, state: 'open' });
  });
});

describe('frames for Flex', () => {
  test('puts a message into the mailbox with all it was sent with', async () => {
    const stack = await aStackWithSession();

    const reply = await answer(stack, {
      action: 'sendMessage',
      id: 'm1',
      body: 'hello',
      chat: 1,
      attributes: { mood: 'good' },
    });

    expect(reply).toEqual({ type: 'accepted', id: 'm1' });
    expect(stack.mailbox.letters(SESSION)).toEqual([
      { ...aMessage({ chat: 1 }), attributes: { mood: 'good' } },
    ]);
    expect(stack.flex.calls).toEqual([]);
  });

  test('queues a message whose id was used before: only the worker can tell a repeat from a retry', async () => {
    const stack = await aStackWithSession();
    const frame: Frame = { action: 'sendMessage', id: 'm1', body: 'hello' };

    await answer(stack, frame, 'first');
    await answer(stack, frame, 'second');

    expect(stack.mailbox.letters(SESSION)).toHaveLength(2);
  });

  test('stores one letter for one frame even if the call is repeated', async () => {
    const stack = await aStackWithSession();
    const frame: Frame = { action: 'sendMessage', id: 'm1', body: 'hello' };

    await answer(stack, frame, 'same');
    await answer(stack, frame, 'same');

    expect(stack.mailbox.letters(SESSION)).toHaveLength(1);
  });

  test.each([
    [{ action: 'markRead', chat: 1, index: 3 }, []],
    [{ action: 'endChat' }, [{ kind: 'end', chat: 1, sessionId: SESSION }]],
    [{ action: 'typing' }, []],
  ] as const)('answers %j with ok', async (frame, letters) => {
    const stack = await aStackWithSession();

    const reply = await answer(stack, frame);

    expect(reply).toEqual({ type: 'ok', action: frame.action });
    expect(stack.mailbox.letters(SESSION)).toEqual(letters);
  });

  test('tells Flex of a read mark at once, without a letter', async () => {
    const stack = await aTalk();
    stack.flex.calls.length = 0;

    await answer(stack, { action: 'markRead', chat: 1, index: 0 });

    expect(stack.flex.calls).toEqual(['markRead']);
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });

  test('refuses a read mark while Flex is away: the client tells it again', async () => {
    const stack = await aTalk();
    stack.flex.failNext('markRead', 'before', new ChatError('UPSTREAM_UNAVAILABLE', 'away'));

    const refused = answer(stack, { action: 'markRead', chat: 1, index: 0 });

    await expect(refused).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('names the next chat, which a message may be about to open, after an end', async () => {
    const stack = await aTalk();
    await endChatOne(stack);

    await answer(stack, { action: 'endChat' });

    expect(stack.mailbox.letters(SESSION)).toEqual([{ kind: 'end', chat: 2, sessionId: SESSION }]);
  });

  describe('checkToken', () => {
    const issued = (stack: MemoryStack, id = SESSION, expiresAtMs = NOW_MS + DAY_MS) =>
      stack.tokens.issue(id, NOW_MS, expiresAtMs);
    const check = (stack: MemoryStack, token: string) =>
      answer(stack, { action: 'checkToken', token });

    test('says that the token of a session is good, and begins nothing', async () => {
      const stack = await aStackWithSession();
      const token = await issued(stack);

      const reply = await answerFrame(
        stack,
        { action: 'checkToken', token },
        { sessionId: sessionId('new'), connectionId: TAB, requestId: 'r', nowMs: NOW_MS },
      );

      expect(reply).toEqual({ type: 'token', valid: true });
      expect(await stack.sessions.find(sessionId('new'), NOW_MS)).toBeUndefined();
      expect(stack.flex.calls).toEqual([]);
    });

    test('says that a token is void which was never issued, has expired, or whose session is gone', async () => {
      const stack = await aStackWithSession();
      const expired = await issued(stack, SESSION, NOW_MS);
      const ofNobody = await issued(stack, sessionId('gone'));

      for (const token of ['made up', expired, ofNobody]) {
        expect(await check(stack, token)).toEqual({ type: 'token', valid: false });
      }
    });

    test('says nothing when the session can not be looked up', async () => {
      const stack = await aStackWithSession();
      const token = await issued(stack);
      stack.sessions.find = async () => {
        throw new ChatError('UPSTREAM_UNAVAILABLE', 'no answer');
      };

      await expect(check(stack, token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    });
  });

  test('answers ping with the time', async () => {
    expect(await answer(createMemoryStack(), { action: 'ping' })).toEqual({
      type: 'pong',
      now: '2026-11-22T09:00:00.000Z',
    });
  });
});
