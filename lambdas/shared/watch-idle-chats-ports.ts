import { SecretReader } from '#adapters/aws/secret-reader';
import type { IdlePolicy, WatchPorts } from '#core/chats/watch-idle-chat';
import { readEnv } from '../contract/read-env.ts';
import { COMMON_ENV, createCommonPorts } from './common-ports.ts';
import { createIdleWatch } from './idle-watch.ts';

/**
 * @param remainingMs how long the running invocation can wait for Twilio.
 * @throws Error that names what is missing or malformed in the environment.
 */
export function watchIdleChatsPorts(
  source: NodeJS.ProcessEnv,
  remainingMs: () => number,
): { readonly ports: WatchPorts; readonly policy: IdlePolicy } {
  const env = readEnv(source, ...COMMON_ENV, 'timersQueueUrl', 'idleSeconds');
  const { ports, policy } = createIdleWatch(env);
  const common = createCommonPorts(env, new SecretReader(Date.now), remainingMs);
  return { ports: { ...common, ...ports }, policy };
}
