import { TwilioError } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import type { Conversation, ScopedWebhook, WebhookConfiguration } from '../model.ts';
import { assertOpen } from './conversation.ts';
import { announceMessage } from './message.ts';
import { assertUsableWebhook } from './usable-webhook.ts';

const MAX_WEBHOOKS = 5;

/** @throws TwilioError 50361 for a sixth one, 50377, 20001 for a configuration that cannot work. */
export function addWebhook(
  world: World,
  conversation: Conversation,
  target: ScopedWebhook['target'],
  configuration: WebhookConfiguration,
): ScopedWebhook {
  assertOpen(conversation);
  if (conversation.webhooks.length >= MAX_WEBHOOKS) {
    throw new TwilioError(400, 50361, `A conversation has at most ${MAX_WEBHOOKS} webhooks`);
  }
  assertUsableWebhook(world, `Target ${target}`, configuration);
  const nowMs = world.nowMs();
  const webhook = {
    sid: world.newSid('WH'),
    target,
    configuration,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  conversation.webhooks.push(webhook);
  replay(world, conversation, webhook);
  return webhook;
}

/** @throws TwilioError as `addWebhook`. */
export function updateWebhook(
  world: World,
  conversation: Conversation,
  webhook: ScopedWebhook,
  configuration: WebhookConfiguration,
): void {
  assertOpen(conversation);
  const merged = { ...webhook.configuration, ...configuration };
  assertUsableWebhook(world, `Target ${webhook.target}`, merged);
  webhook.configuration = merged;
  webhook.updatedAtMs = world.nowMs();
}

/** The index that is named and its successors. */
function replay(world: World, conversation: Conversation, webhook: ScopedWebhook): void {
  const { replayAfter } = webhook.configuration;
  if (replayAfter === undefined) return;
  for (const message of conversation.messages) {
    if (message.index >= replayAfter) announceMessage(world, conversation, message, webhook.sid);
  }
}
