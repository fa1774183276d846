/** The webhooks that a conversation carries: ours, and that of whoever routes it in our place. */
import * as v from 'valibot';
import type { ChannelSid } from '#core/ids';
import type { ChatRef } from '#core/session';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import { metaSchema, pagesOf } from '../rest/pages.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { type ConversationsConfig, conversationPath } from './config.ts';

const WebhookSchema = v.object({
  target: v.string(),
  configuration: v.object({ url: v.nullish(v.string()), flow_sid: v.nullish(v.string()) }),
});
const WebhooksSchema = v.object({ webhooks: v.array(WebhookSchema), meta: metaSchema });

/** What Twilio is to call, and on which events. */
type WantedWebhook =
  | { readonly target: 'webhook'; readonly url: string; readonly filters: readonly string[] }
  | { readonly target: 'studio'; readonly flowSid: string; readonly filters: readonly string[] };

/**
 * Adds what is not there yet. A new conversation has no webhooks, so nothing is looked up.
 * Comes before the first message: webhooks don't see what happened before them.
 */
export async function addMissingWebhooks(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: ChannelSid,
  chat: ChatRef,
  { isNew }: { isNew: boolean },
): Promise<void> {
  const webhooks = below(conversationPath(config, conversation), path`/Webhooks`);
  const request = { host: CONVERSATIONS_HOST, path: webhooks };
  const present: v.InferOutput<typeof WebhookSchema>[] = [];
  if (!isNew) {
    const list = { ...request, method: 'GET', answer: WebhooksSchema } as const;
    for await (const page of pagesOf(rest, list)) present.push(...page.webhooks);
  }
  for (const wanted of wantedWebhooks(config, chat)) {
    if (present.some((webhook) => isSame(webhook, wanted))) continue;
    await rest({ ...request, method: 'POST', form: webhookForm(wanted), answer: v.unknown() });
  }
}

/** The session stands in the path: Twilio signs the exact URL, and a path keeps its form. */
function wantedWebhooks(
  { webhookUrl, routing }: ConversationsConfig,
  { sessionId }: ChatRef,
): WantedWebhook[] {
  const session = encodeURIComponent(sessionId);
  return [
    {
      target: 'webhook',
      url: `${webhookUrl}/new-message/${session}`,
      filters: ['onMessageAdded'],
    },
    {
      target: 'webhook',
      url: `${webhookUrl}/channel-update/${session}`,
      // It is not documented whether onConversationStateUpdated fires when Flex closes the
      // conversation: a post into a closed one tells of the end as well.
      filters: [
        'onParticipantAdded',
        'onParticipantRemoved',
        'onParticipantUpdated',
        'onConversationStateUpdated',
        'onConversationRemoved',
      ],
    },
    ...routingWebhooks(routing),
  ];
}

function routingWebhooks(routing: ConversationsConfig['routing']): WantedWebhook[] {
  const filters = ['onMessageAdded'];
  switch (routing.type) {
    case 'studio':
      return [{ target: 'studio', flowSid: routing.flowSid, filters }];
    case 'external':
      return [{ target: 'webhook', url: routing.url, filters }];
    case 'task':
      return [];
  }
}

function isSame(
  { target, configuration }: v.InferOutput<typeof WebhookSchema>,
  wanted: WantedWebhook,
): boolean {
  if (target !== wanted.target) return false;
  return wanted.target === 'studio'
    ? configuration.flow_sid === wanted.flowSid
    : configuration.url === wanted.url;
}

function webhookForm(wanted: WantedWebhook) {
  const where =
    wanted.target === 'studio'
      ? { 'Configuration.FlowSid': wanted.flowSid }
      : { 'Configuration.Url': wanted.url, 'Configuration.Method': 'post' };
  return { Target: wanted.target, ...where, 'Configuration.Filters': wanted.filters };
}
