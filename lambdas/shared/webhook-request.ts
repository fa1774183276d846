/** A webhook as the REST API hands it over. */
import * as v from 'valibot';
import { ChatError } from '#core/errors';
import { type SessionId, sessionId } from '#core/ids';
import { headerOf } from './headers.ts';

const EventSchema = v.object({
  resource: v.string(),
  pathParameters: v.nullish(v.object({ sessionId: v.optional(v.string()) })),
  queryStringParameters: v.nullish(v.record(v.string(), v.unknown())),
  headers: v.nullish(v.record(v.string(), v.string()), {}),
  body: v.nullish(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
});

export interface WebhookRequest {
  /** Path below the public base URL, as we register it at Twilio. */
  readonly path: string;
  readonly sessionId: SessionId | undefined;
  readonly signature: string | undefined;
  readonly contentType: string | undefined;
  /** As received, before any decoding of the form. */
  readonly body: string;
}

/**
 * The path is rebuilt from resource and parameter: `event.path` carries a custom domain's
 * mapping or not, and Twilio signs the URL that we registered.
 *
 * @throws ChatError `INVALID_INPUT` for what is no REST API event, `FORBIDDEN` with a query
 * string: we register none, and this event does not keep its order.
 */
export function parseWebhookRequest(event: unknown): WebhookRequest {
  const parsed = v.safeParse(EventSchema, event);
  if (!parsed.success) throw new ChatError('INVALID_INPUT', 'not a REST API event');
  const { resource, pathParameters, queryStringParameters, headers, body } = parsed.output;
  if (queryStringParameters) throw new ChatError('FORBIDDEN', 'a webhook with a query string');
  const id = pathParameters?.sessionId;
  return {
    path: id === undefined ? resource : resource.replace('{sessionId}', encodeURIComponent(id)),
    sessionId: id === undefined ? undefined : sessionId(id),
    signature: headerOf(headers ?? {}, 'x-twilio-signature'),
    contentType: headerOf(headers ?? {}, 'content-type'),
    body: parsed.output.isBase64Encoded
      ? Buffer.from(body ?? '', 'base64').toString()
      : (body ?? ''),
  };
}
