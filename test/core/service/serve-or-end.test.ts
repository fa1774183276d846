import { ChatError, hasCode } from '#core/errors';
import { readHistory } from '#core/frames/read-history';
import { startChat } from '#core/frames/start-chat';
import { channelSid } from '#core/ids';
import type { DeliveryPolicy } from '#core/letters/attempt-message';
import { checkFinally } from '#core/letters/check-finally';
import { deliverLetter } from '#core/letters/deliver-letter';
import { deliverMessage } from '#core/letters/deliver-message';
import { TASK_GRACE_MS } from '#core/service/judge-service';
import type { ServicePolicy } from '#core/service/serve-or-end';
import { relayFlexEvent } from '#core/webhooks/relay-flex-event';
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

const MINUTE_MS = 60_000;
/** Flex is done with whatever it was at. */
const LATER_MS = NOW_MS + 5_000;
const REROUTE: ServicePolicy = { whenNobodyServes: 'reroute', rerouteAttempts: 2 };

/** Beside its ports, how it delivers. */
type Stack = MemoryStack & { readonly policy?: DeliveryPolicy };

/** A chat whose task an agent has. */
async function aServedChat(servicePolicy?: ServicePolicy) {
  const stack: Stack = { ...(await aStackWithSession()), policy: { ...POLICY, ...servicePolicy } };
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  const sid = stack.flex.channelOf(chat(1))?.sid ?? channelSid('none');
  const joined = { kind: 'joined', channelSid: sid, identity: 'ada' } as const;
  await relayFlexEvent(stack, joined, SESSION, NOW_MS);
  stack.flex.calls.length = 0;
  return { stack, sid };
}

const aLook = (reason: 'left' | 'canceled' | 'failed' | 'unverified' = 'left') =>
  ({
    sessionId: SESSION,
    kind: 'look',
    chat: 1,
    reason,
    sureFromMs: NOW_MS + 3_000,
  }) as const;

const look = (stack: Stack, nowMs = LATER_MS, order = aLook()) =>
  deliverLetter(stack, stack.policy ?? POLICY, order, nowMs);

async function stored(stack: MemoryStack) {
  const current = (await stack.sessions.find(SESSION, NOW_MS))?.session.chat;
  if (current === undefined || current.state === 'none') throw new Error('no chat yet');
  return current;
}

const ends = (stack: MemoryStack) =>
  stack.customers.pushed(TAB).flatMap((event) => (event.type === 'ended' ? [event.by] : []));

describe('a look', () => {
  test('leaves a served chat as it is', async () => {
    const { stack } = await aServedChat();

    await look(stack);

    expect([(await stored(stack)).state, ends(stack)]).toEqual(['open', []]);
    expect(stack.flex.calls).toEqual(['service']);
  });

  test('stores the task that has replaced the known one', async () => {
    const { stack } = await aServedChat();
    const { taskSid: before } = (await stored(stack)).channel;
    const routed = await stack.flex.rerouteChannel((await stored(stack)).channel, chat(1));

    await look(stack);

    expect((await stored(stack)).channel.taskSid).toBe(routed.taskSid);
    expect(routed.taskSid).not.toBe(before);
  });

  test('ends a chat that nobody serves, in Flex and here', async () => {
    const { stack } = await aServedChat();
    stack.flex.serve(chat(1), 'none');

    await look(stack);
    await look(stack);

    expect([(await stored(stack)).state, ends(stack)]).toEqual(['ended', ['system']]);
    expect(stack.flex.channelOf(chat(1))?.closed).toBe(true);
  });

  test('waits until Flex has finished its change', async () => {
    const { stack } = await aServedChat();
    stack.flex.serve(chat(1), 'none');

    const early = await look(stack, NOW_MS + 1_000).catch((error: unknown) => error);

    expect(hasCode(early, 'UNSETTLED')).toBe(true);
    expect((early as ChatError).retryAfterMs).toBe(2_000);
    expect((await stored(stack)).state).toBe('open');
  });

  test.each(['before', 'after'] as const)(
    'ends it once if it breaks off %s the end in Flex',
    async (when) => {
      const { stack } = await aServedChat();
      stack.flex.serve(chat(1), 'none');
      stack.flex.failNext('endChannel', when);

      await expect(look(stack)).rejects.toMatchObject({ retryable: true });
      await look(stack);

      expect([(await stored(stack)).state, ends(stack)]).toEqual(['ended', ['system']]);
    },
  );

  test('leaves a paused chat as it is, and routes it to nobody', async () => {
    const { stack } = await aServedChat();
    stack.flex.serve(chat(1), 'paused');

    await look(stack);
    stack.flex.calls.length = 0;
    await readHistory(stack, { sessionId: SESSION, nowMs: LATER_MS });

    expect((await stored(stack)).channel).toMatchObject({ isPaused: true });
    expect(stack.flex.calls).not.toContain('taskGoesOn');
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });

  test('tells nothing about another chat, or one that has ended', async () => {
    const { stack } = await aServedChat();
    stack.flex.serve(chat(1), 'none');

    await deliverLetter(stack, POLICY, { ...aLook(), chat: 2 }, LATER_MS);
    await look(stack);
    stack.flex.calls.length = 0;
    await look(stack);

    expect(stack.flex.calls).toEqual([]);
  });

  test('that was tried too often is dropped, as the next one finds the same', async () => {
    const { stack } = await aServedChat();

    expect(await checkFinally(stack, aLook(), LATER_MS)).toBe(true);
  });
});

describe('a chat that is routed again', () => {
  test('gets as many further tasks as configured, and is ended then', async () => {
    const { stack } = await aServedChat(REROUTE);
    const seen: string[] = [];

    for (let loss = 1; loss <= 3; loss += 1) {
      stack.flex.serve(chat(1), 'none');
      await look(stack, LATER_MS + loss * TASK_GRACE_MS);
      const { state, reroutes } = await stored(stack);
      seen.push(`${state} ${reroutes}`);
    }

    expect(seen).toEqual(['open 1', 'open 2', 'ended 2']);
    expect(stack.flex.channelOf(chat(1))?.tasks).toBe(3);
    expect(ends(stack)).toEqual(['system']);
  });

  test.each(['before', 'after'] as const)(
    'gets one further task if the routing breaks off %s it is done',
    async (when) => {
      const { stack } = await aServedChat(REROUTE);
      stack.flex.serve(chat(1), 'none');
      stack.flex.failNext('rerouteChannel', when);

      // Not before a task that was made would be found.
      await expect(look(stack)).rejects.toMatchObject({ retryable: true, retryAfterMs: 3_000 });
      await look(stack);
      await look(stack);

      expect(stack.flex.channelOf(chat(1))?.tasks).toBe(2);
      expect(await stored(stack)).toMatchObject({ state: 'open', reroutes: 1 });
      expect((await stored(stack)).channel).not.toHaveProperty('isRerouting');
    },
  );

  test.each(['UPSTREAM_REFUSED', 'MISCONFIGURED'] as const)(
    'is ended when Flex answers %s',
    async (code) => {
      const { stack } = await aServedChat(REROUTE);
      stack.flex.serve(chat(1), 'none');
      stack.flex.failNext('rerouteChannel', 'before', new ChatError(code, 'no'));

      await look(stack);

      expect([(await stored(stack)).state, ends(stack)]).toEqual(['ended', ['system']]);
    },
  );

  test('is not ended by late signals about the task before', async () => {
    const { stack } = await aServedChat(REROUTE);
    stack.flex.serve(chat(1), 'none');
    await look(stack);
    // The new task takes its time.
    stack.flex.serve(chat(1), 'none');

    await look(stack, LATER_MS + 1_000, aLook('canceled'));
    await look(stack, LATER_MS + 1_000, aLook('failed'));

    expect(stack.flex.channelOf(chat(1))?.tasks).toBe(2);
    expect((await stored(stack)).state).toBe('open');
  });
});

describe('a message', () => {
  const post = (stack: Stack, id: string, atMs: number, named = true) =>
    deliverMessage(
      stack,
      stack.policy ?? POLICY,
      aMessage({ id, acceptedAtMs: atMs, ...(named && { chat: 1 }) }),
      atMs,
    );

  test('makes one call while an agent has the task', async () => {
    const { stack } = await aServedChat();

    await post(stack, 'm2', NOW_MS + MINUTE_MS);

    expect(stack.flex.calls).toEqual(['postMessage']);
  });

  test('after a long silence finds out that nobody serves the chat', async () => {
    const { stack } = await aServedChat();
    stack.flex.serve(chat(1), 'none');

    const delivery = await post(stack, 'm2', NOW_MS + 16 * MINUTE_MS);

    expect(delivery).toBe('rejected');
    expect(stack.customers.pushed(TAB).slice(-2)).toMatchObject([
      { type: 'ended', by: 'system' },
      { type: 'rejected', id: 'm2', code: 'chat_ended' },
    ]);
    expect(stack.flex.channelOf(chat(1))?.messages).toHaveLength(1);
  });

  test('that names no chat opens the next one then', async () => {
    const { stack } = await aServedChat();
    stack.flex.serve(chat(1), 'none');

    const delivery = await post(stack, 'm2', NOW_MS + 16 * MINUTE_MS, false);

    expect(delivery).toBe('posted');
    expect(stack.flex.channelOf(chat(2))?.messages).toHaveLength(1);
  });

  test('is posted into the chat that is routed again', async () => {
    const { stack } = await aServedChat(REROUTE);
    stack.flex.serve(chat(1), 'none');

    const delivery = await post(stack, 'm2', NOW_MS + 16 * MINUTE_MS);

    expect(delivery).toBe('posted');
    expect(stack.flex.channelOf(chat(1))).toMatchObject({ tasks: 2, messages: [{}, {}] });
  });

  test('finds out that the awaited task was never made, and looks no more once a task appeared', async () => {
    const stack = await aStackWithSession();
    await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
    stack.flex.calls.length = 0;
    await post(stack, 'm2', NOW_MS + 1_000);
    await post(stack, 'm3', NOW_MS + TASK_GRACE_MS);
    await post(stack, 'm4', NOW_MS + TASK_GRACE_MS + 1);
    const whileServed = [...stack.flex.calls];
    expect(whileServed).toEqual(['postMessage', 'service', 'postMessage', 'postMessage']);

    const lost = await aStackWithSession();
    await deliverMessage(lost, POLICY, aMessage(), NOW_MS);
    lost.flex.serve(chat(1), 'none');

    expect(await post(lost, 'm2', NOW_MS + 1_000)).toBe('posted');
    expect(await post(lost, 'm3', NOW_MS + TASK_GRACE_MS)).toBe('rejected');
    expect(ends(lost)).toEqual(['system']);
  });

  test('finds out within minutes that nobody serves the chat, without a silence or a signal', async () => {
    const { stack } = await aServedChat();
    const everyMinute = async (from: number, to: number) => {
      const deliveries = [];
      for (let minute = from; minute <= to; minute += 1) {
        deliveries.push(await post(stack, `m-${minute}`, NOW_MS + minute * MINUTE_MS));
      }
      return deliveries;
    };

    const served = await everyMinute(1, 6);
    stack.flex.serve(chat(1), 'none');
    const lost = await everyMinute(7, 9);

    expect([new Set(served), lost.at(-1)]).toEqual([new Set(['posted']), 'rejected']);
    expect(ends(stack)).toEqual(['system']);
    expect(stack.flex.calls.filter((call) => call === 'service')).toHaveLength(3);
  });

  test('in a paused chat brings another task, or the chat ends', async () => {
    const { stack } = await aServedChat();
    stack.flex.serve(chat(1), 'paused');
    await look(stack);

    const first = await post(stack, 'm2', LATER_MS);
    const second = await post(stack, 'm3', LATER_MS + 1_000);
    const third = await post(stack, 'm4', LATER_MS + TASK_GRACE_MS);

    expect([first, second, third]).toEqual(['posted', 'posted', 'rejected']);
    expect(ends(stack)).toEqual(['system']);
  });

  test.each([true, false])(
    'that finds the chat paused awaits a task from then on: routed by us %s',
    async (awaitsTask) => {
      const { stack } = await aServedChat();
      Object.assign(stack.flex, { awaitsTask });
      stack.flex.serve(chat(1), 'paused');
      const afterSilenceMs = NOW_MS + 16 * MINUTE_MS;

      const first = await post(stack, 'm2', afterSilenceMs);
      stack.flex.serve(chat(1), 'none');
      const second = await post(stack, 'm3', afterSilenceMs + 1_000);
      const third = await post(stack, 'm4', afterSilenceMs + TASK_GRACE_MS);

      expect([first, second, third]).toEqual(['posted', 'posted', 'rejected']);
      expect(ends(stack)).toEqual(['system']);
    },
  );

  test.each([1, 2])('into a chat that Flex does not have ends it: named %s', async (times) => {
    const { stack } = await aServedChat();
    stack.flex.forget(chat(1));

    const delivery = await post(stack, 'm2', LATER_MS);
    for (let again = 1; again < times; again += 1) await post(stack, 'm2', LATER_MS);

    expect(delivery).toBe('rejected');
    expect(ends(stack)).toEqual(['system']);
    expect(stack.customers.pushed(TAB).at(-1)).toMatchObject({ code: 'chat_ended' });
  });

  test('is refused, and the chat goes on, when Flex knows the chat but not the author', async () => {
    const { stack } = await aServedChat();
    stack.flex.failNext('postMessage', 'before', new ChatError('NO_CHAT', 'user'));

    const delivery = await post(stack, 'm2', LATER_MS);

    expect(delivery).toBe('rejected');
    expect((await stored(stack)).state).toBe('open');
  });
});

describe('a signal', () => {
  test.each([
    { kind: 'unserved', reason: 'canceled', taskSid: 'WT1', atMs: NOW_MS },
    { kind: 'unserved', reason: 'failed', atMs: NOW_MS },
    { kind: 'left', taskSid: 'WT1' },
  ] as const)('%j for all sessions orders a look and tells nobody', async (event) => {
    const { stack, sid } = await aServedChat();
    const before = stack.customers.pushed(TAB).length;

    const relayed = await relayFlexEvent(stack, { ...event, channelSid: sid }, undefined, NOW_MS);

    expect(relayed).toBe('unverified');
    expect(stack.mailbox.letters(SESSION)).toMatchObject([{ kind: 'look', chat: 1 }]);
    expect(stack.customers.pushed(TAB)).toHaveLength(before);
    expect(stack.flex.calls).toEqual([]);
  });

  test('tells that an agent has left, and orders a look', async () => {
    const { stack, sid } = await aServedChat();

    await relayFlexEvent(
      stack,
      { kind: 'left', channelSid: sid, identity: 'ada' },
      SESSION,
      NOW_MS,
    );

    expect(stack.customers.pushed(TAB).at(-1)).toMatchObject({ event: 'left' });
    expect(stack.mailbox.letters(SESSION)).toMatchObject([{ kind: 'look', reason: 'left' }]);
  });

  test('about a chat that has ended, or is not ours, stores no letter', async () => {
    const { stack, sid } = await aServedChat();
    const signal = { kind: 'unserved', reason: 'deleted', atMs: NOW_MS } as const;
    await relayFlexEvent(
      stack,
      { kind: 'ended', channelSid: sid, by: 'agent', atMs: NOW_MS },
      SESSION,
      NOW_MS,
    );

    const ended = await relayFlexEvent(stack, { ...signal, channelSid: sid }, undefined, NOW_MS);
    const foreign = await relayFlexEvent(
      stack,
      { ...signal, channelSid: channelSid('CHforeign') },
      undefined,
      NOW_MS,
    );

    expect([ended, foreign]).toEqual(['nothing', 'unknown']);
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });

  test('stores the task with which an agent joined', async () => {
    const { stack, sid } = await aServedChat();
    const joined = { kind: 'joined', channelSid: sid, taskSid: 'WT9' } as const;

    const relayed = await relayFlexEvent(stack, joined, undefined, NOW_MS);

    expect(relayed).toBe('nothing');
    expect((await stored(stack)).channel.taskSid).toBe('WT9');
  });
});

describe('history', () => {
  const read = (stack: Stack) => readHistory(stack, { sessionId: SESSION, nowMs: LATER_MS });

  test('orders a look when the task is over, and says open until that is sure', async () => {
    const { stack } = await aServedChat();
    stack.flex.serve(chat(1), 'none');

    const { state } = await read(stack);

    expect(state).toBe('open');
    expect(stack.mailbox.letters(SESSION)).toMatchObject([
      { kind: 'look', reason: 'unverified', sureFromMs: LATER_MS + 3_000 },
    ]);
  });

  test('does not depend on TaskRouter', async () => {
    const { stack } = await aServedChat();
    stack.flex.failNext('taskGoesOn', 'before');

    expect(await read(stack)).toMatchObject({ state: 'open', messages: [{}] });
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });

  test('of a chat that Flex does not have is empty and ended', async () => {
    const { stack } = await aServedChat();
    stack.flex.forget(chat(1));

    expect(await read(stack)).toMatchObject({ state: 'ended', messages: [], complete: true });
    expect(ends(stack)).toEqual(['system']);
  });
});

describe('startChat', () => {
  test('gives the next number when Flex does not have the chat', async () => {
    const { stack } = await aServedChat();
    stack.flex.forget(chat(1));

    const session = await startChat(stack, { sessionId: SESSION, nowMs: LATER_MS });

    expect(session.chat).toMatchObject({ number: 2, state: 'none' });
  });

  test('leaves the chat open while Flex can not be asked', async () => {
    const { stack } = await aServedChat();
    stack.flex.failNext('channelState', 'before');

    const session = await startChat(stack, { sessionId: SESSION, nowMs: LATER_MS });

    expect(session.chat).toMatchObject({ number: 1, state: 'open' });
  });
});
