import { DynamoIdentityIndex } from '#adapters/aws/dynamo-identity-index';
import { DynamoMinuteCounters, KeyedCounters } from '#adapters/aws/dynamo-minute-counters';
import { DynamoTable } from '#adapters/aws/dynamo-table';
import { JwtSessionTokens } from '#adapters/aws/jwt-session-tokens';
import { SecretReader } from '#adapters/aws/secret-reader';
import { SqsFlexMailbox } from '#adapters/aws/sqs-flex-mailbox';
import type { AuthorizePorts, ConnectionPolicy } from '#core/connections/authorize-connection';
import type { RoomPolicy, RoomPorts } from '#core/connections/make-room';
import type { AdmitPorts } from '#core/frames/admit-frame';
import type { FramePorts } from '#core/frames/answer-frame';
import { type Rate, RateLimiter } from '#core/rate-limiter';
import { SharedRate } from '#core/shared-rate';
import { readEnv } from '../contract/read-env.ts';
import { COMMON_ENV, createCommonPorts } from './common-ports.ts';
import { createFileOffering } from './file-ports.ts';
import { createIdentities } from './identity-ports.ts';

/**
 * Of one session: more than a client makes that connects again, with its pauses, each time at which
 * a connection breaks at once.
 */
const HANDSHAKES_PER_MINUTE = 60;

/** Of one person, over all devices: as often as a session is resumed. */
const SIGN_INS_PER_MINUTE = HANDSHAKES_PER_MINUTE;

/** Of one session: each may have cost an agent's task. */
const CHAT_ENDS_PER_MINUTE = 6;

/** Of one session: a client tells of it every 4 s at most. */
const TYPING_PER_MINUTE = 20;

export interface CustomerSocket {
  readonly ports: FramePorts & AdmitPorts & AuthorizePorts & RoomPorts;
  readonly policy: ConnectionPolicy & RoomPolicy;
  readonly maxBodyBytes: number;
}

/** @throws Error that names what is missing or malformed in the environment. */
export function customerSocketPorts(source: NodeJS.ProcessEnv): CustomerSocket {
  const env = readEnv(
    source,
    ...COMMON_ENV,
    'queueUrl',
    'sessionKeySecretArn',
    'allowedOrigins',
    'allowNonBrowserClients',
    'maxBodyBytes',
    'messagesPerMinute',
    'connectionsPerSession',
    'sessionsPerAddressPerMinute',
  );
  const secrets = new SecretReader(Date.now);
  const { sessionKeySecretArn } = env;
  const sessionKeys = {
    read: () => secrets.read(sessionKeySecretArn),
    refresh: () => secrets.refresh(sessionKeySecretArn),
  };
  const table = new DynamoTable(env.tableName);
  const counters = new DynamoMinuteCounters(table);
  const keyedCounters = new KeyedCounters(counters, sessionKeys.read);
  const { messagesPerMinute, sessionsPerAddressPerMinute } = env;
  return {
    ports: {
      ...createCommonPorts(env, secrets),
      mailbox: new SqsFlexMailbox(env.queueUrl),
      tokens: new JwtSessionTokens(sessionKeys),
      frames: new RateLimiter(frameRate(messagesPerMinute)),
      newSessions: new RateLimiter(sessionRate(sessionsPerAddressPerMinute)),
      allNewSessions: new SharedRate(keyedCounters, 'address', sessionsPerAddressPerMinute),
      handshakes: new SharedRate(counters, 'handshake', HANDSHAKES_PER_MINUTE),
      signIns: new SharedRate(keyedCounters, 'sign-in', SIGN_INS_PER_MINUTE),
      people: new DynamoIdentityIndex(table),
      ...createIdentities(source, secrets),
      flexFrames: new SharedRate(counters, 'flex', flexRate(messagesPerMinute)),
      chatEnds: new SharedRate(counters, 'end', CHAT_ENDS_PER_MINUTE),
      typing: new RateLimiter({ perMinute: TYPING_PER_MINUTE, burst: 3 }),
      sharedTyping: new SharedRate(counters, 'typing', TYPING_PER_MINUTE),
      ...createFileOffering(source, table),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    },
    policy: {
      allowedOrigins: env.allowedOrigins,
      allowNonBrowserClients: env.allowNonBrowserClients,
      connectionsPerSession: env.connectionsPerSession,
    },
    maxBodyBytes: env.maxBodyBytes,
  };
}

/**
 * Twice the messages: a client may mark each as read, and its tabs send `hello`, `ping` and
 * `history`.
 */
function frameRate(messagesPerMinute: number): Rate {
  const perMinute = 2 * messagesPerMinute;
  return { perMinute, burst: Math.max(40, Math.ceil(perMinute / 10)) };
}

/**
 * A client that loads a long chat sends one for each 100 messages; each costs at most five calls.
 */
function flexRate(messagesPerMinute: number): number {
  return Math.max(60, messagesPerMinute);
}

function sessionRate(perMinute: number): Rate {
  return { perMinute, burst: perMinute };
}
