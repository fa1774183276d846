/** The two webhooks that a channel of Programmable Chat carries. */
import * as v from 'valibot';
import type { ChannelSid } from '#core/ids';
import type { ChatRef } from '#core/session';
import { CHAT_HOST } from '../rest/hosts.ts';
import { metaSchema, pagesOf } from '../rest/pages.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { channelPath, type ProgrammableChatConfig } from './config.ts';

/** The most that Twilio does. */
const RETRIES = '3';

const WebhooksSchema = v.object({
  webhooks: v.array(v.object({ configuration: v.object({ url: v.nullish(v.string()) }) })),
  meta: metaSchema,
});

interface Webhook {
  readonly url: string;
  readonly filters: readonly string[];
}

export interface WebhookPlan {
  readonly missing: readonly Webhook[];
  /** Some of ours are there: an earlier attempt has been at this channel. */
  readonly isBegun: boolean;
}

/** With a webhook twice customers would see everything twice: only what is missing may be added. */
export async function planWebhooks(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  channel: ChannelSid,
  chat: ChatRef,
): Promise<WebhookPlan> {
  const list = { ...webhooksOf(config, channel), method: 'GET', answer: WebhooksSchema } as const;
  const present = new Set<string>();
  for await (const { webhooks } of pagesOf(rest, list)) {
    for (const { configuration } of webhooks) present.add(configuration.url ?? '');
  }
  const wanted = wantedWebhooks(config, chat);
  const missing = wanted.filter(({ url }) => !present.has(url));
  return { missing, isBegun: missing.length < wanted.length };
}

/** Comes before the first message: webhooks don't see what happened before them. */
export async function addWebhooks(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  channel: ChannelSid,
  { missing }: WebhookPlan,
): Promise<void> {
  for (const { url, filters } of missing) {
    await rest({
      ...webhooksOf(config, channel),
      method: 'POST',
      form: {
        Type: 'webhook',
        'Configuration.Url': url,
        'Configuration.Method': 'POST',
        'Configuration.Filters': filters,
        'Configuration.RetryCount': RETRIES,
      },
      answer: v.unknown(),
    });
  }
}

/** Flex has just told the channel's SID: if the service does not know it, it is another service. */
function webhooksOf(config: ProgrammableChatConfig, channel: ChannelSid) {
  return {
    host: CHAT_HOST,
    path: below(channelPath(config, channel), path`/Webhooks`),
    notFound: 'MISCONFIGURED',
  } as const;
}

/** The session stands in the path: Twilio signs the exact URL, and a path keeps its form. */
function wantedWebhooks({ webhookUrl }: ProgrammableChatConfig, { sessionId }: ChatRef): Webhook[] {
  const session = encodeURIComponent(sessionId);
  return [
    {
      url: `${webhookUrl}/new-message/${session}`,
      // A message with media fires the second one instead of the first.
      filters: ['onMessageSent', 'onMediaMessageSent'],
    },
    {
      url: `${webhookUrl}/channel-update/${session}`,
      filters: [
        'onChannelUpdated',
        'onChannelDestroyed',
        'onMemberAdded',
        'onMemberRemoved',
        'onMemberUpdated',
      ],
    },
  ];
}
