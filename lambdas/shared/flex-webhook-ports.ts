import * as v from 'valibot';
import { DynamoChannelIndex } from '#adapters/aws/dynamo-channel-index';
import { DynamoConnectionStore } from '#adapters/aws/dynamo-connection-store';
import { DynamoSessionStore } from '#adapters/aws/dynamo-session-store';
import { DynamoTable } from '#adapters/aws/dynamo-table';
import { SecretReader } from '#adapters/aws/secret-reader';
import { SocketPush } from '#adapters/aws/socket-push';
import { isSignedByTwilio } from '#adapters/twilio/webhook-signature';
import { ChatError } from '#core/errors';
import type { RelayPorts } from '#core/relay-flex-event';
import { readEnv } from './env.ts';
import { createFlexBackend } from './flex.ts';
import type { WebhookRequest } from './webhook-request.ts';

const AuthTokenSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ primary: v.pipe(v.string(), v.nonEmpty()), secondary: v.exactOptional(v.string()) }),
);

/** @throws Error that names what is missing or malformed in the environment. */
export function flexWebhookPorts(source: NodeJS.ProcessEnv): {
  readonly ports: RelayPorts;
  /** Is the request signed with one of the account's auth tokens, for the URL that we registered? */
  readonly isGenuine: (request: WebhookRequest) => Promise<boolean>;
} {
  const env = readEnv(
    source,
    'tableName',
    'socketCallbackUrl',
    'twilioApiKeySecretArn',
    'twilioAuthTokenSecretArn',
    'flex',
    'webhookUrl',
  );
  const table = new DynamoTable(env.tableName);
  const secrets = new SecretReader(Date.now);
  const isSigned = (request: WebhookRequest, authTokenSecret: string): boolean =>
    isSignedByTwilio({
      ...request,
      url: `${env.webhookUrl}${request.path}`,
      rawBody: request.body,
      authTokens: parseAuthTokens(authTokenSecret),
    });
  return {
    ports: {
      sessions: new DynamoSessionStore(table),
      connections: new DynamoConnectionStore(table),
      channels: new DynamoChannelIndex(table),
      customers: new SocketPush(env.socketCallbackUrl),
      names: createFlexBackend({ ...env, apiKeySecretArn: env.twilioApiKeySecretArn, secrets }),
    },
    isGenuine: async (request) => {
      const { twilioAuthTokenSecretArn: arn } = env;
      if (isSigned(request, await secrets.read(arn))) return true;
      // The token may have been rotated since it was read.
      return request.signature !== undefined && isSigned(request, await secrets.refresh(arn));
    },
  };
}

function parseAuthTokens(text: string): string[] {
  const parsed = v.safeParse(AuthTokenSchema, text);
  if (!parsed.success) {
    throw new ChatError(
      'MISCONFIGURED',
      'the secret of the auth token is not {primary, secondary?}',
    );
  }
  const { primary, secondary } = parsed.output;
  return secondary === undefined ? [primary] : [primary, secondary];
}
