import { DynamoChannelIndex } from '#adapters/aws/dynamo-channel-index';
import { DynamoConnectionStore } from '#adapters/aws/dynamo-connection-store';
import { DynamoSessionStore } from '#adapters/aws/dynamo-session-store';
import { DynamoTable } from '#adapters/aws/dynamo-table';
import type { SecretReader } from '#adapters/aws/secret-reader';
import { SocketPush } from '#adapters/aws/socket-push';
import type { FlexBackend } from '#core/flex';
import type { ChannelIndex, ConnectionStore, CustomerConnections, SessionStore } from '#core/ports';
import type { Env } from '../contract/read-env.ts';
import { createFlexBackend } from './flex.ts';

/** What every function has, from its environment. */
export interface CommonPorts {
  readonly sessions: SessionStore;
  readonly connections: ConnectionStore;
  readonly channels: ChannelIndex;
  readonly customers: CustomerConnections;
  readonly flex: FlexBackend;
}

/** The variables that every function reads. */
export const COMMON_ENV = [
  'tableName',
  'socketCallbackUrl',
  'twilioApiKeySecretArn',
  'twilioEndpointUrl',
  'flex',
  'webhookUrl',
] as const;

/**
 * @param remainingMs how long the function can wait for Twilio; absent: as long as each call may
 * take.
 */
export function createCommonPorts(
  env: Env<(typeof COMMON_ENV)[number]>,
  secrets: SecretReader,
  remainingMs?: () => number,
): CommonPorts {
  const table = new DynamoTable(env.tableName);
  return {
    sessions: new DynamoSessionStore(table),
    connections: new DynamoConnectionStore(table),
    channels: new DynamoChannelIndex(table),
    customers: new SocketPush(env.socketCallbackUrl),
    flex: createFlexBackend(env, secrets, remainingMs),
  };
}
