import { SqsChatTimers } from '#adapters/aws/sqs-chat-timers';
import type { IdlePolicy } from '#core/chats/watch-idle-chat';
import type { ChatTimers } from '#core/ports';
import type { Env } from '../contract/read-env.ts';

const SECOND_MS = 1_000;

export function createIdleWatch(env: Env<'timersQueueUrl' | 'idleSeconds'>): {
  readonly ports: { readonly timers: ChatTimers };
  readonly policy: IdlePolicy;
} {
  return {
    ports: { timers: new SqsChatTimers(env.timersQueueUrl) },
    policy: { idleMs: env.idleSeconds * SECOND_MS },
  };
}
