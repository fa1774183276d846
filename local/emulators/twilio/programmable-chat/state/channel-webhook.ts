import type { Conversation } from '../../conversations/state/conversation.ts';
import { TwilioError } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';

/** A webhook of one channel, as Programmable Chat has it. */
export interface ChannelWebhook {
  readonly sid: string;
  readonly type: 'webhook' | 'trigger' | 'studio';
  configuration: ChannelWebhookConfiguration;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export interface ChannelWebhookConfiguration {
  readonly url?: string | undefined;
  readonly method?: 'GET' | 'POST' | undefined;
  readonly filters?: readonly string[] | undefined;
  /** Words that a message must hold, for the type `trigger`. */
  readonly triggers?: readonly string[] | undefined;
  readonly flowSid?: string | undefined;
  /** Default 0. */
  readonly retryCount?: number | undefined;
}

const MAX_WEBHOOKS = 5;
const MAX_TRIGGERS = 5;

/** @throws TwilioError 50321 for a sixth one, 20001 for a configuration that cannot work. */
export function addChannelWebhook(
  world: World,
  channel: Conversation,
  type: ChannelWebhook['type'],
  configuration: ChannelWebhookConfiguration,
): ChannelWebhook {
  if (channel.channelWebhooks.length >= MAX_WEBHOOKS) {
    throw new TwilioError(400, 50321, `A channel has at most ${MAX_WEBHOOKS} webhooks`);
  }
  assertUsable(world, type, configuration);
  const nowMs = world.nowMs();
  const webhook = {
    sid: world.newSid('WH'),
    type,
    configuration,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  channel.channelWebhooks.push(webhook);
  return webhook;
}

/** @throws TwilioError 20001. */
export function updateChannelWebhook(
  world: World,
  webhook: ChannelWebhook,
  configuration: ChannelWebhookConfiguration,
): void {
  const merged = { ...webhook.configuration, ...configuration };
  assertUsable(world, webhook.type, merged);
  webhook.configuration = merged;
  webhook.updatedAtMs = world.nowMs();
}

function assertUsable(
  world: World,
  type: ChannelWebhook['type'],
  { url, triggers, flowSid }: ChannelWebhookConfiguration,
): void {
  const refuse = (message: string) => {
    throw new TwilioError(400, 20001, message);
  };
  if ((triggers?.length ?? 0) > MAX_TRIGGERS) refuse(`At most ${MAX_TRIGGERS} triggers`);
  if (type !== 'studio') {
    if (url === undefined) refuse(`Type ${type} needs Configuration.Url`);
    return;
  }
  if (flowSid === undefined) refuse('Type studio needs Configuration.FlowSid');
  if (!world.studioFlows.has(flowSid ?? '')) {
    refuse(`Configuration.FlowSid ${flowSid} is no flow of this account`);
  }
}
