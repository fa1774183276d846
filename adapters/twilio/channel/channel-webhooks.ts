/** The webhooks that a channel carries; both products list and add them in the same way. */

import * as v from 'valibot';
import type { SessionId } from '#core/ids';
import { metaSchema, pagesOf } from '../rest/pages.ts';
import type { Form, TwilioRequest, TwilioRest } from '../rest/rest-client.ts';
import { WEBHOOK_PATHS } from '../webhooks/paths.ts';

/** What Twilio is to call, and on which events. */
export interface ChannelWebhook {
  readonly calls: { readonly url: string } | { readonly flowSid: string };
  readonly filters: readonly string[];
}

/** Where the webhooks of a channel are listed and added. */
export type WebhookList = Pick<TwilioRequest<unknown>, 'host' | 'path' | 'notFound'>;

const WebhooksSchema = v.object({
  webhooks: v.array(
    v.object({
      configuration: v.object({ url: v.nullish(v.string()), flow_sid: v.nullish(v.string()) }),
    }),
  ),
  meta: metaSchema,
});

/** The two that tell us. The session stands in the path: Twilio signs the exact URL, and a path keeps its form. */
export function ownWebhooks(
  webhookUrl: string,
  sessionId: SessionId,
  filters: { readonly newMessage: readonly string[]; readonly channelUpdate: readonly string[] },
): ChannelWebhook[] {
  const session = encodeURIComponent(sessionId);
  return [
    {
      calls: { url: `${webhookUrl}/${WEBHOOK_PATHS.newMessage}/${session}` },
      filters: filters.newMessage,
    },
    {
      calls: { url: `${webhookUrl}/${WEBHOOK_PATHS.channelUpdate}/${session}` },
      filters: filters.channelUpdate,
    },
  ];
}

/** Leaves out the webhooks that the channel has: with one of them twice customers would see everything twice. */
export async function missingWebhooks(
  rest: TwilioRest,
  list: WebhookList,
  wanted: readonly ChannelWebhook[],
): Promise<ChannelWebhook[]> {
  const present = new Set<string>();
  for await (const page of pagesOf(rest, { ...list, method: 'GET', answer: WebhooksSchema })) {
    for (const { configuration } of page.webhooks) {
      present.add(configuration.url ?? configuration.flow_sid ?? '');
    }
  }
  return wanted.filter(({ calls }) => !present.has('url' in calls ? calls.url : calls.flowSid));
}

/**
 * Comes before the first message: webhooks don't see what happened before them.
 * @param formOf what the product's form says besides the filters.
 */
export async function addWebhooks(
  rest: TwilioRest,
  list: WebhookList,
  webhooks: readonly ChannelWebhook[],
  formOf: (calls: ChannelWebhook['calls']) => Form,
): Promise<void> {
  for (const { calls, filters } of webhooks) {
    await rest({
      ...list,
      method: 'POST',
      form: { ...formOf(calls), 'Configuration.Filters': filters },
      answer: v.unknown(),
    });
  }
}
