import { SqsChatTimers } from '#adapters/aws/sqs-chat-timers';
import type { IdleWatch } from '#core/watch-idle-chat';

const MINUTE_MS = 60_000;

/** @param env `timersQueueUrl` and `idleMinutes`, as a function is told them. */
export function createIdleWatch(env: {
  readonly timersQueueUrl: string;
  readonly idleMinutes: string;
}): IdleWatch {
  const idleMs = Number(env.idleMinutes) * MINUTE_MS;
  return { timers: new SqsChatTimers(env.timersQueueUrl), idleMs };
}
