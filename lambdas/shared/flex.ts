/** The configured Flex back end of a function. */
import * as v from 'valibot';
import type { SecretReader } from '#adapters/aws/secret-reader';
import { createConversationsBackend } from '#adapters/twilio/conversations/backend';
import { createProgrammableChatBackend } from '#adapters/twilio/programmable-chat/backend';
import { createTwilioRest, type TwilioRest } from '#adapters/twilio/rest/rest-client';
import { ChatError } from '#core/errors';
import type { FlexBackend } from '#core/flex';
import type { FlexSettings } from '../contract/flex-settings.ts';

const ApiKeySchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    keySid: v.pipe(v.string(), v.nonEmpty()),
    keySecret: v.pipe(v.string(), v.nonEmpty()),
  }),
);

export interface FlexOptions {
  readonly flex: FlexSettings;
  readonly webhookUrl: string;
  readonly twilioApiKeySecretArn: string;
  readonly twilioEndpointUrl: string | undefined;
}

/**
 * @param remainingMs how long the function can wait for Twilio; absent: as long as each call may take.
 * @throws Error at the cold start when the settings lack what their back end needs.
 */
export function createFlexBackend(
  { flex, webhookUrl, twilioApiKeySecretArn, twilioEndpointUrl }: FlexOptions,
  secrets: SecretReader,
  remainingMs?: () => number,
): FlexBackend {
  const rest = createRest({ twilioApiKeySecretArn, twilioEndpointUrl }, secrets, remainingMs);
  if (flex.backEnd === 'conversations') {
    return createConversationsBackend(rest, { ...flex, routing: routingOf(flex), webhookUrl });
  }
  const { type: integration, ...lasting } = flex.routing;
  const flexFlowSid = needed(flex.flexFlowSid, 'flexFlowSid');
  return createProgrammableChatBackend(rest, {
    ...flex,
    ...lasting,
    flexFlowSid,
    integration,
    webhookUrl,
  });
}

/** @param remainingMs as `createFlexBackend`. */
export function createRest(
  {
    twilioApiKeySecretArn,
    twilioEndpointUrl,
  }: Pick<FlexOptions, 'twilioApiKeySecretArn' | 'twilioEndpointUrl'>,
  secrets: SecretReader,
  remainingMs?: () => number,
): TwilioRest {
  return createTwilioRest({
    credentials: async () => parseApiKey(await secrets.read(twilioApiKeySecretArn)),
    freshCredentials: async () => parseApiKey(await secrets.refresh(twilioApiKeySecretArn)),
    ...(twilioEndpointUrl && { endpointUrl: twilioEndpointUrl }),
    ...(remainingMs && { remainingMs }),
  });
}

function routingOf({ routing }: FlexSettings) {
  return routing.type === 'studio'
    ? { ...routing, flowSid: needed(routing.flowSid, 'routing.flowSid') }
    : routing;
}

/** Synthesis refuses a configuration without it. */
function needed(value: string | undefined, field: string): string {
  if (value === undefined) throw new Error(`environment: FLEX lacks ${field}`);
  return value;
}

function parseApiKey(text: string): { user: string; password: string } {
  const parsed = v.safeParse(ApiKeySchema, text);
  if (!parsed.success) {
    throw new ChatError(
      'MISCONFIGURED',
      'the secret of the Twilio API key is not {keySid, keySecret}',
    );
  }
  return { user: parsed.output.keySid, password: parsed.output.keySecret };
}
