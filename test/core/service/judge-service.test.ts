import type { Service } from '#core/flex';
import { channelSid } from '#core/ids';
import { isUnverified, judgeService, TASK_GRACE_MS } from '#core/service/judge-service';
import type { Channel, StartedChat } from '#core/session';

const NOW = 1_790_000_000_000;
const JUST_NOW = NOW - TASK_GRACE_MS + 1;
const LONG_AGO = NOW - TASK_GRACE_MS;
const CHANNEL: Channel = { sid: channelSid('CH1') };

const aChat = (channel: Partial<Channel> = {}, reroutes?: number): StartedChat => ({
  number: 1,
  state: 'open',
  channel: { ...CHANNEL, ...channel },
  ...(reroutes !== undefined && { reroutes }),
});

interface Case {
  readonly service: Service;
  readonly chat?: StartedChat;
  readonly reason?: 'canceled' | 'deleted' | 'failed' | 'left' | 'unverified';
  readonly taskSid?: string;
  readonly awaitsTask?: boolean;
}

const NONE = { kind: 'none' } as const;
const PAUSED = { kind: 'paused' } as const;

describe('judgeService', () => {
  test.each<[string, string, Case]>([
    ['a closed channel', 'ended', { service: { kind: 'ended' } }],
    ['a channel that is gone', 'ended', { service: { kind: 'gone' } }],
    [
      'a task that goes on',
      'served',
      { service: { kind: 'task', taskSid: 'WT2' }, reason: 'left' },
    ],
    [
      'a late failure of a chat with a task',
      'served',
      { service: { kind: 'task', taskSid: 'WT1' }, reason: 'failed' },
    ],
    ['a routing that failed', 'nobody', { service: { kind: 'failed' } }],
    [
      'a routing that failed, says the event',
      'nobody',
      { service: NONE, reason: 'failed', chat: aChat({ awaitedSinceMs: JUST_NOW }) },
    ],
    [
      'an old failure of a chat that was routed again',
      'unsure',
      { service: NONE, reason: 'failed', chat: aChat({ awaitedSinceMs: JUST_NOW }, 1) },
    ],
    [
      'the promised task, which was canceled',
      'nobody',
      {
        service: NONE,
        reason: 'canceled',
        taskSid: 'WT1',
        chat: aChat({ awaitedSinceMs: JUST_NOW, taskSid: 'WT1' }, 1),
      },
    ],
    [
      'the promised task, which the event names first',
      'nobody',
      {
        service: NONE,
        reason: 'canceled',
        taskSid: 'WT1',
        chat: aChat({ awaitedSinceMs: JUST_NOW }),
      },
    ],
    [
      'an earlier task, which was canceled',
      'unsure',
      {
        service: NONE,
        reason: 'canceled',
        taskSid: 'WT0',
        chat: aChat({ awaitedSinceMs: JUST_NOW, taskSid: 'WT1' }, 1),
      },
    ],
    [
      'a task that is promised',
      'unsure',
      { service: NONE, chat: aChat({ awaitedSinceMs: JUST_NOW, taskSid: 'WT1' }) },
    ],
    [
      'a task that was promised long ago',
      'nobody',
      { service: NONE, chat: aChat({ awaitedSinceMs: LONG_AGO, taskSid: 'WT1' }) },
    ],
    ['no task any more', 'nobody', { service: NONE }],
    [
      'a chat of yesterday without a task',
      'nobody',
      { service: NONE, chat: aChat({ taskSid: 'WT1' }), reason: 'unverified' },
    ],
    ['a flow that is talking', 'unsure', { service: NONE, awaitsTask: false }],
    [
      'a flow whose task the event names',
      'nobody',
      { service: NONE, awaitsTask: false, taskSid: 'WT1' },
    ],
    [
      'a flow whose task was known',
      'nobody',
      { service: NONE, awaitsTask: false, chat: aChat({ taskSid: 'WT1' }) },
    ],
    [
      'a flow whose agent was there',
      'nobody',
      { service: NONE, awaitsTask: false, chat: aChat({ wasServed: true }) },
    ],
    [
      'a chat that the agent has paused',
      'paused',
      { service: PAUSED, chat: aChat({ wasServed: true }) },
    ],
    [
      'a paused chat whose customer has just written',
      'unsure',
      { service: PAUSED, chat: aChat({ awaitedSinceMs: JUST_NOW }) },
    ],
    [
      'a paused chat that no message woke up',
      'nobody',
      { service: PAUSED, chat: aChat({ awaitedSinceMs: LONG_AGO }) },
    ],
    [
      'a flow that has fallen silent with its customer',
      'unsure',
      { service: PAUSED, awaitsTask: false },
    ],
    [
      "a flow's chat that the agent has paused",
      'paused',
      { service: PAUSED, awaitsTask: false, chat: aChat({ wasServed: true }) },
    ],
  ])('takes %s for %s', (_, verdict, given) => {
    const { service, chat = aChat(), reason = 'left', taskSid, awaitsTask = true } = given;
    const order = { reason, ...(taskSid !== undefined && { taskSid }) };

    expect(judgeService(service, { chat, order, awaitsTask, nowMs: NOW })).toBe(verdict);
  });
});

describe('isUnverified', () => {
  const MINUTE_MS = 60_000;

  test.each<[string, boolean, { chat: StartedChat; previousAtMs?: number }]>([
    ['soon after the last', false, { chat: aChat(), previousAtMs: NOW - 15 * MINUTE_MS }],
    ['after a long silence', true, { chat: aChat(), previousAtMs: NOW - 16 * MINUTE_MS }],
    ['that is the first', false, { chat: aChat() }],
    ['while the task is promised', false, { chat: aChat({ awaitedSinceMs: JUST_NOW }) }],
    ['when the task is overdue', true, { chat: aChat({ awaitedSinceMs: LONG_AGO }) }],
    ['soon after a look', false, { chat: aChat({ servedAtMs: NOW - 2 * MINUTE_MS }) }],
    ['some time after a look', true, { chat: aChat({ servedAtMs: NOW - 2 * MINUTE_MS - 1 }) }],
  ])('of a message %s is %s', (_, expected, attempt) => {
    expect(isUnverified(attempt, { acceptedAtMs: NOW })).toBe(expected);
  });
});
