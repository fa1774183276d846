/** A webhook as the REST API hands it over, and the HTTP API by payload format 1.0. */
import * as v from 'valibot';
import { formOf, type WebhookForm } from '#adapters/twilio/webhooks/form';
import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import { isSignature } from '#adapters/twilio/webhooks/signature';
import { ChatError } from '#core/errors';
import { type SessionId, sessionId } from '#core/ids';
import { bodyOf } from './body.ts';
import { headerOf } from './headers.ts';

const EventSchema = v.object({
  resource: v.string(),
  pathParameters: v.nullish(v.object({ sessionId: v.optional(v.string()) })),
  queryStringParameters: v.nullish(v.record(v.string(), v.unknown())),
  headers: v.nullish(v.record(v.string(), v.string()), {}),
  body: v.nullish(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/**
 * In characters. Twilio's largest webhook tells a message of 32 KB with attributes of 16 KB, in
 * which an escape makes three of each byte: 144 KB, and some more for the other fields.
 */
const MAX_BODY_LENGTH = 256 * 1024;

/**
 * How many events Twilio puts into one request is not documented; a task's attributes have 4,096
 * characters.
 */
const MAX_EVENTS_LENGTH = 1024 * 1024;

/** Where Event Streams tells of tasks. */
const TASK_EVENT = `/${WEBHOOK_PATHS.taskEvent}`;

/** Where interaction webhooks come, among others. */
const INTERACTION = `/${WEBHOOK_PATHS.channelUpdate}`;

/** An interaction webhook has some fifteen short fields. */
const MAX_HINT_LENGTH = 4 * 1024;

export interface WebhookRequest {
  /** Path below the public base URL, as we register it at Twilio, with what Twilio adds to it. */
  readonly path: string;
  /** JSON of Event Streams instead of a form. */
  readonly isTaskEvent: boolean;
  readonly sessionId: SessionId | undefined;
  /** Absent from a hint: nothing that it says may be believed. */
  readonly signature?: string;
  /** As received, before any decoding of the form. */
  readonly body: string;
  /** The fields of that body; undefined where it is no form. */
  readonly form: WebhookForm | undefined;
}

/**
 * Refuses requests that can't come from Twilio, the cheapest checks first, before the body or a
 * secret is read: anybody may call.
 *
 * Rebuilds the path from resource and parameter: `event.path` may begin with the mapping of a
 * custom domain, and Twilio signs the URL that we registered.
 *
 * Whether Twilio signs the webhooks of interactions is not documented. One without a signature
 * passes as a hint; everything else without one is refused.
 *
 * @throws ChatError `INVALID_INPUT` for what is no REST API event; `FORBIDDEN` without a
 * signature, with a body that is too large, or with a query string: we register none, and this
 * event does not keep its order. Event Streams alone adds one.
 */
export function parseWebhookRequest(event: unknown): WebhookRequest {
  const parsed = v.safeParse(EventSchema, event);
  if (!parsed.success) throw new ChatError('INVALID_INPUT', 'not a REST API event');
  const { resource, pathParameters, queryStringParameters, headers } = parsed.output;
  const signature = headerOf(headers ?? {}, 'x-twilio-signature');
  const isHint = signature === undefined && resource === INTERACTION;
  if (!isHint && !isSignature(signature)) {
    throw new ChatError('FORBIDDEN', 'a webhook without a signature');
  }
  const query = signedQuery(resource, queryStringParameters ?? {});
  const id = pathParameters?.sessionId;
  const path =
    id === undefined ? resource : resource.replace('{sessionId}', encodeURIComponent(id));
  const body = boundedBody(parsed.output, isHint);
  const form = formOf(headerOf(headers ?? {}, 'content-type'), body);
  if (isHint && form?.['InteractionSid'] === undefined) {
    throw new ChatError('FORBIDDEN', 'a webhook without a signature');
  }
  return {
    path: `${path}${query}`,
    isTaskEvent: resource === TASK_EVENT,
    sessionId: id === undefined ? undefined : sessionId(id),
    ...(signature !== undefined && { signature }),
    body,
    form,
  };
}

function boundedBody(event: v.InferOutput<typeof EventSchema>, isHint: boolean): string {
  const signed = event.resource === TASK_EVENT ? MAX_EVENTS_LENGTH : MAX_BODY_LENGTH;
  const body = bodyOf(event, isHint ? MAX_HINT_LENGTH : signed);
  if (body === undefined) throw new ChatError('FORBIDDEN', 'a webhook too large');
  return body;
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
