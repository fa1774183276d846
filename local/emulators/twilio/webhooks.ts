import type { ScopedWebhook } from './state/scoped-webhook.ts';
import { presentFields, type WebhookCaller } from './webhook-caller.ts';
import type { ConversationEvent, World } from './world.ts';

/**
 * Calls the webhooks of conversations. A failed call is not repeated: conversation-scoped
 * webhooks take no retry count, and no source says that Twilio retries them.
 * Source: https://www.twilio.com/docs/conversations-classic/conversations-webhooks
 */
export function callConversationWebhooks(world: World, caller: WebhookCaller): void {
  world.subscribers.push((event) => {
    for (const webhook of event.conversation.webhooks) {
      if (!listens(webhook, event)) continue;
      const { url = '', method = 'post' } = webhook.configuration;
      const form = webhookForm(world, webhook, event);
      caller.call({ webhookSid: webhook.sid, url, method, form });
    }
  });
}

/**
 * Whether a webhook is called for an event. A webhook without filters hears nothing: Twilio
 * documents no default, so ours is the one that shows the omission.
 */
function listens(webhook: ScopedWebhook, event: ConversationEvent): boolean {
  if (event.onlyForWebhook !== undefined && event.onlyForWebhook !== webhook.sid) return false;
  const { filters = [], triggers = [] } = webhook.configuration;
  if (webhook.target === 'webhook') return filters.includes(event.type);
  if (webhook.target === 'studio' || event.type !== 'onMessageAdded') return false;
  return triggers.some((word) => event.fields['Body']?.includes(word));
}

/** All fields of an event as a webhook of its conversation gets them. */
function webhookForm(
  { account }: World,
  webhook: ScopedWebhook,
  { type, actor, conversation, fields }: ConversationEvent,
): Readonly<Record<string, string>> {
  return presentFields({
    EventType: type,
    AccountSid: account.accountSid,
    Source: actor.source,
    ClientIdentity: actor.clientIdentity,
    ...fields,
    ChatServiceSid: conversation.serviceSid,
    RetryCount: '0',
    WebhookType: webhook.target,
    WebhookSid: webhook.sid,
  });
}
