import { DynamoChannelIndex } from '#adapters/aws/dynamo-channel-index';
import { DynamoConnectionStore } from '#adapters/aws/dynamo-connection-store';
import { DynamoSessionStore } from '#adapters/aws/dynamo-session-store';
import { DynamoTable } from '#adapters/aws/dynamo-table';
import { SecretReader } from '#adapters/aws/secret-reader';
import { SocketPush } from '#adapters/aws/socket-push';
import { SqsRetry } from '#adapters/aws/sqs-retry';
import type { OpenChatPorts } from '#core/open-chat';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';
import { readEnv } from './env.ts';
import { createFlexBackend } from './flex.ts';

/** @throws Error that names what is missing or malformed in the environment. */
export function deliverToFlexPorts(source: NodeJS.ProcessEnv): {
  readonly ports: OpenChatPorts;
  readonly queue: SqsRetry;
  readonly maxReceiveCount: number;
} {
  const env = readEnv(
    source,
    'tableName',
    'queueUrl',
    'messagesPerMinute',
    'socketCallbackUrl',
    'twilioApiKeySecretArn',
    'flex',
    'webhookUrl',
    'maxReceiveCount',
  );
  const table = new DynamoTable(env.tableName);
  const secrets = new SecretReader(Date.now);
  return {
    ports: {
      sessions: new DynamoSessionStore(table),
      connections: new DynamoConnectionStore(table),
      channels: new DynamoChannelIndex(table),
      customers: new SocketPush(env.socketCallbackUrl),
      flex: createFlexBackend({ ...env, apiKeySecretArn: env.twilioApiKeySecretArn, secrets }),
      burstWindowMs: burstWindowMs(Number(env.messagesPerMinute)),
    },
    queue: new SqsRetry(env.queueUrl),
    maxReceiveCount: Number(env.maxReceiveCount),
  };
}

/** The time that as many messages as are remembered may take. */
function burstWindowMs(messagesPerMinute: number): number {
  return Math.round((REMEMBERED_MESSAGE_IDS / messagesPerMinute) * 60_000);
}
