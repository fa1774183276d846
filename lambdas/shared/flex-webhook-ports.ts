import * as v from 'valibot';
import { SecretReader } from '#adapters/aws/secret-reader';
import { SqsFlexMailbox } from '#adapters/aws/sqs-flex-mailbox';
import { isSignedByTwilio } from '#adapters/twilio/webhooks/signature';
import { ChatError } from '#core/errors';
import type { RelayPorts } from '#core/webhooks/relay-flex-event';
import { ToldMessages } from '#core/webhooks/told-messages';
import { readEnv } from '../contract/read-env.ts';
import { COMMON_ENV, createCommonPorts } from './common-ports.ts';
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
  const env = readEnv(source, ...COMMON_ENV, 'twilioAuthTokenSecretArn', 'queueUrl');
  const secrets = new SecretReader(Date.now);
  const common = createCommonPorts(env, secrets);
  const isSigned = (request: WebhookRequest, authTokenSecret: string): boolean =>
    isSignedByTwilio({
      ...request,
      signature: request.signature,
      url: `${env.webhookUrl}${request.path}`,
      rawBody: request.body,
      authTokens: parseAuthTokens(authTokenSecret),
    });
  return {
    ports: {
      ...common,
      names: common.flex,
      contents: common.flex,
      mailbox: new SqsFlexMailbox(env.queueUrl),
      told: new ToldMessages(),
    },
    isGenuine: async (request) => {
      const { twilioAuthTokenSecretArn: arn } = env;
      if (isSigned(request, await secrets.read(arn))) return true;
      // The token may have been rotated since it was read.
      return isSigned(request, await secrets.refresh(arn));
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
