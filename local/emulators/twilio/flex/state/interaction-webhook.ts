import { badRequest } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import type { InteractionWebhook, InteractionWebhookSettings } from '../model.ts';

/** @throws TwilioError 20001. */
export function addInteractionWebhook(
  world: World,
  type: InteractionWebhook['type'],
  settings: InteractionWebhookSettings,
): InteractionWebhook {
  assertUsable(settings);
  const webhook = { ttid: world.newSid('flex_interactionwebhook_'), type, ...settings };
  world.interactionWebhooks.set(webhook.ttid, webhook);
  return webhook;
}

/** @throws TwilioError 20001. */
export function updateInteractionWebhook(
  world: World,
  webhook: InteractionWebhook,
  settings: InteractionWebhookSettings,
): InteractionWebhook {
  assertUsable(settings);
  const updated = { ...webhook, ...settings };
  world.interactionWebhooks.set(webhook.ttid, updated);
  return updated;
}

function assertUsable({ url, events }: InteractionWebhookSettings): void {
  if (url === '') throw badRequest('Missing required parameter WebhookUrl');
  if (events.length === 0) throw badRequest('Missing required parameter WebhookEvents');
}
