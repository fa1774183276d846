import { type IdlePolicy, watchIdleChat } from '#core/chats/watch-idle-chat';
import { clientMessageId } from '#core/ids';
import { deliverMessage } from '#core/letters/deliver-message';
import { type ChatTimer, MAX_TIMER_DELAY_MS } from '#core/ports';
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

/** Wake-ups on a clock that tests move; each is handed out once, unless a test repeats it. */
class Timers {
  readonly waiting: { timer: ChatTimer; atMs: number }[] = [];
  nowMs = NOW_MS;

  async set(timer: ChatTimer, delayMs: number): Promise<void> {
    expect(delayMs).toBeGreaterThan(0);
    expect(delayMs).toBeLessThanOrEqual(MAX_TIMER_DELAY_MS);
    this.waiting.push({ timer, atMs: this.nowMs + delayMs });
  }

  take(): ChatTimer | undefined {
    this.waiting.sort((a, b) => a.atMs - b.atMs);
    const next = this.waiting.shift();
    if (next !== undefined) this.nowMs = Math.max(this.nowMs, next.atMs);
    return next?.timer;
  }
}

interface Watch {
  readonly stack: MemoryStack;
  readonly timers: Timers;
  /** Lets the next wake-up come. */
  wake(): Promise<string>;
  /** Lets wake-ups come as long as they only wait. @returns what came then. */
  untilNews(): Promise<string>;
  ports: Parameters<typeof watchIdleChat>[0];
  policy: IdlePolicy;
}

async function aWatchedChat(idleMinutes = 10): Promise<Watch> {
  const stack = await aStackWithSession();
  const timers = new Timers();
  const policy = { ...POLICY, idleMs: idleMinutes * MINUTE_MS };
  const ports = { ...stack, timers };
  await deliverMessage(ports, policy, aMessage(), NOW_MS);
  const wake = async () => {
    const timer = timers.take();
    return timer === undefined ? 'nothing' : watchIdleChat(ports, policy, timer, timers.nowMs);
  };
  const untilNews = async () => {
    for (;;) {
      const watched = await wake();
      if (watched !== 'waiting') return watched;
    }
  };
  return { stack, timers, wake, untilNews, ports, policy };
}

const says = ({ stack, timers }: Watch, id: string) =>
  deliverMessage(stack, POLICY, aMessage({ id, acceptedAtMs: timers.nowMs }), timers.nowMs);

const minutesIn = ({ timers }: Watch) => (timers.nowMs - NOW_MS) / MINUTE_MS;
const told = ({ stack }: Watch) => stack.customers.pushed(TAB);
const looks = ({ stack }: Watch) => stack.flex.calls.filter((call) => call === 'lastWordAtMs');

describe('a chat in which nobody writes', () => {
  test('is warned of two minutes before its end, and then ended, here and in Flex', async () => {
    const watch = await aWatchedChat(10);

    const first = await watch.untilNews();
    const warnedAfter = minutesIn(watch);
    const second = await watch.untilNews();

    expect([first, warnedAfter, second, minutesIn(watch)]).toEqual(['warned', 8, 'ended', 10]);
    expect(told(watch)).toEqual([
      { type: 'idle', chat: 1, endsAt: new Date(NOW_MS + 10 * MINUTE_MS).toISOString() },
      expect.objectContaining({ type: 'ended', chat: 1, by: 'system' }),
    ]);
    expect(watch.stack.flex.channelOf(chat(1))?.closed).toBe(true);
    expect(watch.timers.waiting).toEqual([]);
  });

  test('that may be silent for two minutes is warned after one', async () => {
    const watch = await aWatchedChat(2);

    await watch.untilNews();

    expect(minutesIn(watch)).toBe(1);
  });

  test('is watched for hours by wake-ups at most 15 minutes apart, without a call to Flex', async () => {
    const watch = await aWatchedChat(24 * 60);

    await watch.untilNews();

    expect(minutesIn(watch)).toBe(24 * 60 - 2);
    expect(looks(watch)).toHaveLength(1);
  });

  test('is ended by the system, even if the webhook of Flex comes first', async () => {
    const watch = await aWatchedChat();
    await watch.untilNews();
    const { stack, timers } = watch;
    const { endChannel } = stack.flex;
    stack.flex.endChannel = async (channel) => {
      await endChannel.call(stack.flex, channel);
      const ended = { kind: 'ended', channelSid: channel.sid, by: 'agent', atMs: 0 } as const;
      await relayFlexEvent(stack, ended, SESSION, timers.nowMs);
    };

    await watch.untilNews();

    expect(told(watch).slice(1)).toMatchObject([{ type: 'ended', by: 'system' }]);
  });
});

describe('a word', () => {
  test('of the customer withdraws the warning', async () => {
    const watch = await aWatchedChat(10);
    await watch.untilNews();
    watch.timers.nowMs += MINUTE_MS;
    await says(watch, 'm2');

    const news = await watch.untilNews();

    expect([news, minutesIn(watch)]).toEqual(['warned', 17]);
    expect(told(watch).map(({ type }) => type)).toEqual(['idle', 'idle']);
  });

  test('of the customer puts the first warning off, without a call to Flex', async () => {
    const watch = await aWatchedChat(10);
    watch.timers.nowMs += 5 * MINUTE_MS;
    await says(watch, 'm2');

    await watch.wake();
    const asked = looks(watch).length;
    await watch.untilNews();

    expect([asked, minutesIn(watch)]).toEqual([0, 13]);
  });

  test('of the agent counts as well', async () => {
    const watch = await aWatchedChat(10);
    jest.spyOn(watch.stack.flex, 'lastWordAtMs').mockResolvedValue(NOW_MS + 6 * MINUTE_MS);

    const news = await watch.untilNews();

    expect([news, minutesIn(watch)]).toEqual(['warned', 14]);
  });

  test('of the agent after the warning prevents the end', async () => {
    const watch = await aWatchedChat(10);
    await watch.untilNews();
    jest.spyOn(watch.stack.flex, 'lastWordAtMs').mockResolvedValue(NOW_MS + 9 * MINUTE_MS);

    const news = await watch.untilNews();

    expect([news, minutesIn(watch)]).toEqual(['warned', 17]);
  });
});

describe('a wake-up', () => {
  test('that comes late still gives the customer the whole time after the warning', async () => {
    const watch = await aWatchedChat(10);
    watch.timers.nowMs += 60 * MINUTE_MS;

    await watch.untilNews();

    expect(told(watch)).toEqual([
      { type: 'idle', chat: 1, endsAt: new Date(NOW_MS + 62 * MINUTE_MS).toISOString() },
    ]);
  });

  test('that comes twice does not make two chains of wake-ups', async () => {
    const watch = await aWatchedChat(60);
    const timer = watch.timers.take();
    if (timer === undefined) throw new Error('the chat is watched');

    const both = [
      await watchIdleChat(watch.ports, watch.policy, timer, watch.timers.nowMs),
      await watchIdleChat(watch.ports, watch.policy, timer, watch.timers.nowMs),
    ];

    expect(both).toEqual(['waiting', 'stale']);
    expect(watch.timers.waiting).toHaveLength(1);
  });

  test('that comes twice at the same moment leaves one chain of wake-ups', async () => {
    const watch = await aWatchedChat(120);
    const timer = watch.timers.take();
    if (timer === undefined) throw new Error('the chat is watched');
    await Promise.all([
      watchIdleChat(watch.ports, watch.policy, timer, watch.timers.nowMs),
      watchIdleChat(watch.ports, watch.policy, timer, watch.timers.nowMs + 1),
    ]);

    const outcomes = [await watch.wake(), await watch.wake()].toSorted();

    expect(outcomes).toEqual(['stale', 'waiting']);
    expect(watch.timers.waiting).toHaveLength(1);
  });

  test('whose invocation dies after it has set the next one leaves one chain of wake-ups', async () => {
    const watch = await aWatchedChat(120);
    const timer = watch.timers.take();
    if (timer === undefined) throw new Error('the chat is watched');
    jest.spyOn(watch.stack.sessions, 'moveWake').mockRejectedValueOnce(new Error('dead'));
    const died = watchIdleChat(watch.ports, watch.policy, timer, watch.timers.nowMs);
    await expect(died).rejects.toThrow('dead');
    await watchIdleChat(watch.ports, watch.policy, timer, watch.timers.nowMs + 1_000);

    const outcomes = [await watch.wake(), await watch.wake()].toSorted();

    expect(outcomes).toEqual(['stale', 'waiting']);
  });

  test('for which Flex cannot be asked fails, and ends nothing', async () => {
    const watch = await aWatchedChat(10);
    watch.stack.flex.failNext('lastWordAtMs', 'before');

    await expect(watch.untilNews()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(told(watch)).toEqual([]);
  });

  test('whose end got lost half-way ends the chat when it comes again', async () => {
    const watch = await aWatchedChat(10);
    await watch.untilNews();
    const timer = watch.timers.take();
    if (timer === undefined) throw new Error('the chat is watched');
    watch.stack.flex.failNext('endChannel', 'after');

    const lost = watchIdleChat(watch.ports, watch.policy, timer, watch.timers.nowMs);
    await expect(lost).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    const again = await watchIdleChat(watch.ports, watch.policy, timer, watch.timers.nowMs);

    expect(again).toBe('ended');
    expect(told(watch).slice(1)).toMatchObject([{ type: 'ended', by: 'system' }]);
  });

  test.each<[string, (watch: Watch) => Promise<unknown>]>([
    ['whose chat has ended', ({ stack }) => endByAgent(stack)],
    ['whose session was revoked', ({ stack }) => stack.sessions.revoke(SESSION)],
    [
      'whose chat was followed by another',
      async ({ stack, timers }) => {
        await endByAgent(stack);
        await deliverMessage(
          stack,
          POLICY,
          aMessage({ id: clientMessageId('m9'), acceptedAtMs: timers.nowMs }),
          timers.nowMs,
        );
      },
    ],
  ])('%s is the last one', async (_, happens) => {
    const watch = await aWatchedChat(10);
    await happens(watch);

    expect(await watch.untilNews()).toBe('over');
    expect(watch.timers.waiting).toEqual([]);
    expect(told(watch).filter(({ type }) => type === 'idle')).toEqual([]);
  });

  test('for a chat whose opening failed half-way does nothing, and the next one counts', async () => {
    const stack = await aStackWithSession();
    const timers = new Timers();
    const policy = { ...POLICY, idleMs: 10 * MINUTE_MS };
    const ports = { ...stack, timers };
    jest.spyOn(stack.sessions, 'changeChat').mockResolvedValueOnce(false);
    await deliverMessage(ports, policy, aMessage(), NOW_MS).catch(() => {});
    await deliverMessage(ports, policy, aMessage(), NOW_MS);
    expect(timers.waiting).toHaveLength(2);

    const outcomes: string[] = [];
    for (let timer = timers.take(); timer; timer = timers.take()) {
      outcomes.push(await watchIdleChat(ports, policy, timer, timers.nowMs));
    }

    expect(outcomes.filter((outcome) => outcome === 'ended')).toHaveLength(1);
    expect(stack.customers.pushed(TAB).filter(({ type }) => type === 'ended')).toHaveLength(1);
  });
});

const endByAgent = (stack: MemoryStack) =>
  relayFlexEvent(
    stack,
    {
      kind: 'ended',
      channelSid: stack.flex.channelOf(chat(1))?.sid ?? '',
      by: 'agent',
      atMs: NOW_MS,
    } as Parameters<typeof relayFlexEvent>[1],
    SESSION,
    NOW_MS,
  );
