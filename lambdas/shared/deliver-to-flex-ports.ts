import { DynamoMinuteCounters } from '#adapters/aws/dynamo-minute-counters';
import { DynamoTable } from '#adapters/aws/dynamo-table';
import { SecretReader } from '#adapters/aws/secret-reader';
import { SqsRetry } from '#adapters/aws/sqs-retry';
import type { DeliveryPolicy, DeliveryPorts } from '#core/letters/attempt-message';
import { SharedRate } from '#core/shared-rate';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';
import { ENV } from '../contract/environment.ts';
import { readEnv } from '../contract/read-env.ts';
import { COMMON_ENV, createCommonPorts } from './common-ports.ts';
import { createUploadedFiles } from './file-ports.ts';
import { createIdleWatch } from './idle-watch.ts';

/**
 * @param remainingMs how long the running invocation can wait for Twilio or S3.
 * @throws Error that names what is missing or malformed in the environment.
 */
export function deliverToFlexPorts(
  source: NodeJS.ProcessEnv,
  remainingMs: () => number,
): {
  readonly ports: DeliveryPorts;
  readonly policy: DeliveryPolicy;
  readonly queue: SqsRetry;
  readonly maxTries: number;
} {
  const env = readEnv(source, ...COMMON_ENV, 'queueUrl', 'messagesPerMinute', 'maxTries');
  const { messagesPerMinute, maxTries } = env;
  const { whenNobodyServes, rerouteAttempts } = env.flex;
  const idle = source[ENV.idleSeconds.name]
    ? createIdleWatch(readEnv(source, 'timersQueueUrl', 'idleSeconds'))
    : undefined;
  const counters = new DynamoMinuteCounters(new DynamoTable(env.tableName));
  return {
    ports: {
      ...createCommonPorts(env, new SecretReader(Date.now), remainingMs),
      strikes: new SharedRate(counters, 'strike', strikesPerMinute(messagesPerMinute)),
      ...idle?.ports,
      ...createUploadedFiles(source, remainingMs),
    },
    policy: {
      whenNobodyServes,
      rerouteAttempts,
      burstWindowMs: burstWindowMs(messagesPerMinute),
      ...idle?.policy,
    },
    queue: new SqsRetry(env.queueUrl),
    maxTries,
  };
}

/**
 * As many as there may be messages. A client that sends its whole outbox at once stays far below.
 */
function strikesPerMinute(messagesPerMinute: number): number {
  return Math.max(60, messagesPerMinute);
}

/** The time in which a session may send as many messages as it remembers. */
function burstWindowMs(messagesPerMinute: number): number {
  return Math.round((REMEMBERED_MESSAGE_IDS / messagesPerMinute) * 60_000);
}
