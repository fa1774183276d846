import { presentFields, type WebhookCaller } from '../webhooks/webhook-caller.ts';
import type { World } from '../world/world.ts';
import type { ConversationEvent, ScopedWebhook } from './model.ts';

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
 * Calls the webhooks of the service and of the account, each on its own. They tell neither of
 * retries nor of a single webhook.
 */
export function callPostWebhooks(world: World, caller: WebhookCaller): void {
  world.subscribers.push((event) => {
    if (event.onlyForWebhook !== undefined) return;
    const { accountSid, chatServiceSid } = world.account;
    const { account, service } = world.postWebhooks;
    const form = postWebhookForm(world, event);
    for (const [webhookSid, { url, method, filters }] of [
      [chatServiceSid, service],
      [accountSid, account],
    ] as const) {
      if (url === '' || !filters.includes(event.type)) continue;
      caller.call({ webhookSid, url, method: method === 'GET' ? 'get' : 'post', form });
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
const webhookForm = (
  { account }: World,
  webhook: ScopedWebhook,
  event: ConversationEvent,
): Readonly<Record<string, string>> =>
  presentFields({
    ...commonFields(account.accountSid, event),
    ChatServiceSid: event.conversation.serviceSid,
    RetryCount: '0',
    WebhookType: webhook.target,
    WebhookSid: webhook.sid,
  });

/** Only conversations themselves are documented with the service that they are in. */
function postWebhookForm(
  { account }: World,
  event: ConversationEvent,
): Readonly<Record<string, string>> {
  const { serviceSid } = event.conversation;
  return presentFields({
    ...commonFields(account.accountSid, event),
    ChatServiceSid: event.type.startsWith('onConversation') ? serviceSid : undefined,
  });
}

const commonFields = (accountSid: string, { type, actor, fields }: ConversationEvent) => ({
  EventType: type,
  AccountSid: accountSid,
  Source: actor.source,
  ClientIdentity: actor.clientIdentity,
  ...fields,
});
