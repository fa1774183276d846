import { SqsChatTimers } from '#adapters/aws/sqs-chat-timers';
import type { IdleWatch } from '#core/watch-idle-chat';
import type { Env } from '../contract/read-env.ts';

const MINUTE_MS = 60_000;

export function createIdleWatch(env: Env<'timersQueueUrl' | 'idleMinutes'>): IdleWatch {
  const idleMs = env.idleMinutes * MINUTE_MS;
  return { timers: new SqsChatTimers(env.timersQueueUrl), idleMs };
}
