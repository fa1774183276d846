import type { Conversation } from '../../conversations/model.ts';
import { assertUsableWebhook } from '../../conversations/state/usable-webhook.ts';
import { TwilioError } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import type { ChannelWebhook, ChannelWebhookConfiguration } from '../model.ts';

const MAX_WEBHOOKS = 5;

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
  assertUsableWebhook(world, `Type ${type}`, configuration);
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
  assertUsableWebhook(world, `Type ${webhook.type}`, merged);
  webhook.configuration = merged;
  webhook.updatedAtMs = world.nowMs();
}
