import * as v from 'valibot';
import { JwtSessionTokens } from '#adapters/aws/jwt-session-tokens';
import { SecretReader } from '#adapters/aws/secret-reader';
import { SqsFlexMailbox } from '#adapters/aws/sqs-flex-mailbox';
import type { AdmitPorts } from '#core/admit-frame';
import type { FramePorts } from '#core/answer-frame';
import type { AuthorizePorts, ConnectionPolicy } from '#core/authorize-connection';
import { type Rate, RateLimiter } from '#core/rate-limiter';
import { COMMON_ENV, createCommonPorts } from './common-ports.ts';
import { readEnv } from './env.ts';

export interface CustomerSocket {
  readonly ports: FramePorts & AdmitPorts & AuthorizePorts;
  readonly policy: ConnectionPolicy;
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
    'sessionsPerAddressPerMinute',
  );
  const secrets = new SecretReader(Date.now);
  return {
    ports: {
      ...createCommonPorts(env, secrets),
      mailbox: new SqsFlexMailbox(env.queueUrl),
      tokens: new JwtSessionTokens(() => secrets.read(env.sessionKeySecretArn)),
      frames: new RateLimiter(frameRate(Number(env.messagesPerMinute))),
      newSessions: new RateLimiter(sessionRate(Number(env.sessionsPerAddressPerMinute))),
    },
    policy: {
      allowedOrigins: v.parse(
        v.pipe(v.string(), v.parseJson(), v.array(v.string())),
        env.allowedOrigins,
      ),
      allowNonBrowserClients: env.allowNonBrowserClients === 'true',
    },
    maxBodyBytes: v.parse(v.pipe(v.string(), v.toNumber(), v.safeInteger()), env.maxBodyBytes),
  };
}

/** Twice the messages: each may be read, and tabs say hello, ping and ask for the history. */
function frameRate(messagesPerMinute: number): Rate {
  const perMinute = 2 * messagesPerMinute;
  return { perMinute, burst: Math.max(40, Math.ceil(perMinute / 10)) };
}

function sessionRate(perMinute: number): Rate {
  return { perMinute, burst: perMinute };
}
