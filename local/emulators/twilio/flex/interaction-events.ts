import { presentFields, type WebhookCaller } from '../webhooks/webhook-caller.ts';
import type { World } from '../world/world.ts';
import type { Interaction, InteractionWebhook } from './model.ts';

/**
 * Calls interaction webhooks: the global ones, and the one that an interaction was created with.
 * Whether Twilio repeats a failed call is not documented; here it is not.
 * Source: https://www.twilio.com/docs/flex/developer/conversations/register-interactions-webhooks
 */
export function callInteractionWebhooks(world: World, caller: WebhookCaller): void {
  world.interactionSubscribers.push(({ type, interaction, fields }) => {
    for (const webhook of world.interactionWebhooks.values()) {
      if (!hears(world, webhook, interaction) || !webhook.events.includes(type)) continue;
      caller.call({
        webhookSid: webhook.ttid,
        url: webhook.url,
        method: webhook.method === 'GET' ? 'get' : 'post',
        isSigned: world.unconfirmed().interactionWebhooks !== 'unsigned',
        form: presentFields({
          EventType: type,
          AccountSid: world.account.accountSid,
          InteractionSid: interaction.sid,
          MediaChannelSid: interaction.conversationSid,
          MediaChannelType: interaction.channel.type,
          ...fields,
        }),
      });
    }
  });
}

/** A global webhook hears of every interaction, another one of those that were created with it. */
function hears(
  world: World,
  { type, ttid }: InteractionWebhook,
  interaction: Interaction,
): boolean {
  if (type === 'global') return true;
  if (ttid !== interaction.webhookTtid) return false;
  if (world.unconfirmed().ttidServes !== 'one') return true;
  const served = [...world.interactions.values()].find(({ webhookTtid }) => webhookTtid === ttid);
  return served === interaction;
}
