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

/** Where Event Streams tells of tasks. */
const TASK_EVENT = '/task-event';

export interface WebhookRequest {
  /** Path below the public base URL, as we register it at Twilio, with what Twilio adds to it. */
  readonly path: string;
  /** JSON of Event Streams instead of a form. */
  readonly isTaskEvent: boolean;
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
 * string: we register none, and this event does not keep its order. Event Streams alone adds one.
 */
export function parseWebhookRequest(event: unknown): WebhookRequest {
  const parsed = v.safeParse(EventSchema, event);
  if (!parsed.success) throw new ChatError('INVALID_INPUT', 'not a REST API event');
  const { resource, pathParameters, queryStringParameters, headers, body } = parsed.output;
  const query = signedQuery(resource, queryStringParameters ?? {});
  const id = pathParameters?.sessionId;
  const path =
    id === undefined ? resource : resource.replace('{sessionId}', encodeURIComponent(id));
  return {
    path: `${path}${query}`,
    isTaskEvent: resource === TASK_EVENT,
    sessionId: id === undefined ? undefined : sessionId(id),
    signature: headerOf(headers ?? {}, 'x-twilio-signature'),
    contentType: headerOf(headers ?? {}, 'content-type'),
    body: parsed.output.isBase64Encoded
      ? Buffer.from(body ?? '', 'base64').toString()
      : (body ?? ''),
  };
}

/** Twilio signs JSON by its digest, which it adds to the URL. */
function signedQuery(resource: string, query: Readonly<Record<string, unknown>>): string {
  const { bodySHA256, ...others } = query;
  if (Object.keys(query).length === 0) return '';
  const isDigest = typeof bodySHA256 === 'string' && /^[0-9a-f]{64}$/i.test(bodySHA256);
  if (resource !== TASK_EVENT || !isDigest || Object.keys(others).length > 0) {
    throw new ChatError('FORBIDDEN', 'a webhook with a query string');
  }
  return `?bodySHA256=${bodySHA256}`;
}
