/**
 * Interaction webhooks, which Twilio's SDK does not know.
 * Source: https://www.twilio.com/docs/flex/developer/conversations/register-interactions-webhooks
 */
import twilio from 'twilio';
import * as v from 'valibot';
import type { Twilio } from './client.ts';

export type InteractionWebhookType = 'global' | 'interaction';

const WebhookSchema = v.object({
  ttid: v.string(),
  type: v.string(),
  webhook_url: v.nullish(v.string()),
  // The page's example for a single webhook spells it otherwise.
  webhook_events: v.nullish(v.array(v.string()), []),
  webhook_method: v.nullish(v.string()),
  // Missing in the page's example of a list.
  friendly_name: v.nullish(v.string()),
});
const ListSchema = v.object({
  data: v.array(WebhookSchema),
  meta: v.object({ next_page_url: v.nullish(v.string()) }),
});

export type InteractionWebhook = v.InferOutput<typeof WebhookSchema>;

/** Parameters are named as in the examples of the page. The table on it calls two of them Filters and Method. */
export interface InteractionWebhookForm {
  readonly WebhookUrl: string;
  readonly WebhookEvents: readonly string[];
  readonly WebhookMethod: 'POST';
  readonly FriendlyName: string;
  /** Sent only when the webhook is created. */
  readonly Type?: InteractionWebhookType;
}

const HOST = 'https://flex-api.twilio.com';

/** Lists the webhooks of one type. Without the parameter Twilio may list global ones only. */
export async function listInteractionWebhooks(
  client: Twilio,
  type: InteractionWebhookType,
): Promise<InteractionWebhook[]> {
  const webhooks: InteractionWebhook[] = [];
  let next: string | null | undefined = `${await baseUrl(client)}?type=${type}`;
  while (next) {
    const page: v.InferOutput<typeof ListSchema> = await call(client, 'get', next, ListSchema);
    webhooks.push(...page.data);
    next = page.meta.next_page_url;
  }
  return webhooks.filter((webhook) => webhook.type === type);
}

/** A single one tells its name, too. */
export async function fetchInteractionWebhook(
  client: Twilio,
  ttid: string,
): Promise<InteractionWebhook> {
  const url = `${await baseUrl(client)}/${encodeURIComponent(ttid)}`;
  return call(client, 'get', url, WebhookSchema);
}

/** @param ttid of the one to change; absent: a new one. */
export async function writeInteractionWebhook(
  client: Twilio,
  ttid: string | undefined,
  form: InteractionWebhookForm,
): Promise<InteractionWebhook> {
  const base = await baseUrl(client);
  const url = ttid === undefined ? base : `${base}/${encodeURIComponent(ttid)}`;
  return call(client, 'post', url, WebhookSchema, form);
}

export async function removeInteractionWebhook(client: Twilio, ttid: string): Promise<void> {
  const url = `${await baseUrl(client)}/${encodeURIComponent(ttid)}`;
  await call(client, 'delete', url, v.unknown());
}

async function baseUrl(client: Twilio): Promise<string> {
  const { flexInstanceSid } = await client.flexApi.v1.configuration().fetch();
  return `${HOST}/v1/Instances/${flexInstanceSid}/InteractionWebhooks`;
}

async function call<T>(
  client: Twilio,
  method: 'get' | 'post' | 'delete',
  uri: string,
  schema: v.GenericSchema<unknown, T>,
  form?: InteractionWebhookForm,
): Promise<T> {
  const response = await client.request({
    method,
    uri,
    ...(form !== undefined && { data: form }),
  });
  const { statusCode, body } = response;
  if (statusCode < 200 || statusCode >= 300) throw new twilio.RestException(response);
  return v.parse(schema, typeof body === 'string' && body !== '' ? JSON.parse(body) : body);
}
