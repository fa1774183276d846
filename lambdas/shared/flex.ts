/** The configured Flex back end, from the environment of a function. */
import * as v from 'valibot';
import type { SecretReader } from '#adapters/aws/secret-reader';
import { createConversationsBackend } from '#adapters/twilio/conversations/backend';
import { createProgrammableChatBackend } from '#adapters/twilio/programmable-chat/backend';
import { createTwilioRest } from '#adapters/twilio/rest/rest-client';
import { ChatError } from '#core/errors';
import type { FlexBackend } from '#core/flex';
import type { ServicePolicy } from '#core/serve-or-end';
import { ENV } from './env-names.ts';

const common = {
  accountSid: v.string(),
  chatServiceSid: v.string(),
  workspaceSid: v.string(),
  names: v.object({ agent: v.string(), bot: v.string() }),
};

const RoutingSchema = v.variant('type', [
  v.object({
    type: v.literal('task'),
    workflowSid: v.string(),
    taskChannel: v.exactOptional(v.string()),
  }),
  v.object({
    type: v.literal('studio'),
    flowSid: v.string(),
    workflowSid: v.exactOptional(v.string()),
    taskChannel: v.exactOptional(v.string()),
  }),
  v.object({ type: v.literal('external'), url: v.string() }),
]);

const FlexSchema = v.variant('backEnd', [
  v.object({
    ...common,
    backEnd: v.literal('conversations'),
    routing: RoutingSchema,
    interactionWebhookTtid: v.exactOptional(v.string()),
    timers: v.exactOptional(v.object({ inactiveMinutes: v.number(), closedMinutes: v.number() })),
  }),
  v.object({
    ...common,
    backEnd: v.literal('programmable-chat'),
    routing: v.object({
      type: v.picklist(['task', 'studio', 'external']),
      workflowSid: v.exactOptional(v.string()),
      taskChannel: v.exactOptional(v.string()),
    }),
    flexFlowSid: v.string(),
  }),
]);

const ApiKeySchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    keySid: v.pipe(v.string(), v.nonEmpty()),
    keySecret: v.pipe(v.string(), v.nonEmpty()),
  }),
);

export interface FlexOptions {
  /** Text of the variable `FLEX`. */
  readonly flex: string;
  readonly webhookUrl: string;
  readonly apiKeySecretArn: string;
  readonly secrets: SecretReader;
  readonly remainingMs?: () => number;
}

/** @throws Error at the cold start when the configuration is not one that this version knows. */
export function createFlexBackend(options: FlexOptions): FlexBackend {
  const { webhookUrl, apiKeySecretArn, secrets, remainingMs } = options;
  const config = v.parse(v.pipe(v.string(), v.parseJson(), FlexSchema), options.flex);
  const endpointUrl = process.env[ENV.twilioEndpointUrl];
  const rest = createTwilioRest({
    credentials: async () => parseApiKey(await secrets.read(apiKeySecretArn)),
    ...(endpointUrl && { endpointUrl }),
    ...(remainingMs && { remainingMs }),
  });
  if (config.backEnd === 'programmable-chat') {
    const { type: integration, ...lasting } = config.routing;
    return createProgrammableChatBackend(rest, { ...config, ...lasting, integration, webhookUrl });
  }
  return createConversationsBackend(rest, { ...config, webhookUrl });
}

/** An earlier version of the configuration says nothing of it. */
const ServicePolicySchema = v.object({
  whenNobodyServes: v.optional(v.picklist(['end', 'reroute']), 'end'),
  rerouteAttempts: v.optional(v.number(), 2),
});

/** @param flex text of the variable `FLEX`. */
export function readServicePolicy(flex: string): ServicePolicy {
  return v.parse(v.pipe(v.string(), v.parseJson(), ServicePolicySchema), flex);
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
