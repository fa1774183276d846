/** What the plugin in Flex's user interface sends, as the REST API hands it over. */
import * as v from 'valibot';
import { formOf } from '#adapters/twilio/webhooks/form';
import { ChatError } from '#core/errors';
import { type ChannelSid, channelSid } from '#core/ids';
import { bodyOf } from './body.ts';
import { headerOf } from './headers.ts';

/** In characters. A token has one or two thousand, and a form writes some of them as three. */
const MAX_BODY_LENGTH = 8 * 1024;

const EventSchema = v.object({
  headers: v.nullish(v.record(v.string(), v.string()), {}),
  body: v.nullish(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
});

const FormSchema = v.object({
  Token: v.pipe(v.string(), v.regex(/^[\w.~+/=-]{16,6000}$/)),
  ConversationSid: v.pipe(v.string(), v.regex(/^CH[0-9a-f]{32}$/i)),
});

export interface SignalRequest {
  /** The page's, which may read the answer. */
  readonly origin: string;
  readonly token: string;
  readonly channelSid: ChannelSid;
}

/**
 * Refuses what no plugin sends, the cheapest checks first: anybody may call. A form, since a
 * browser asks nobody before it sends one.
 *
 * @param origins of the pages with Flex's user interface.
 * @throws ChatError `FORBIDDEN`, `TOO_LARGE`; `INVALID_INPUT` for what is no event of the REST API.
 */
export function parseSignalRequest(event: unknown, origins: readonly string[]): SignalRequest {
  const parsed = v.safeParse(EventSchema, event);
  if (!parsed.success) throw new ChatError('INVALID_INPUT', 'not a REST API event');
  const headers = parsed.output.headers ?? {};
  const origin = headerOf(headers, 'origin');
  if (origin === undefined || !origins.includes(origin)) {
    throw new ChatError('FORBIDDEN', 'a signal from another origin');
  }
  const raw = bodyOf(parsed.output, MAX_BODY_LENGTH);
  if (raw === undefined) throw new ChatError('TOO_LARGE', 'a signal too large');
  const form = v.safeParse(FormSchema, formOf(headerOf(headers, 'content-type'), raw));
  if (!form.success) throw new ChatError('FORBIDDEN', 'no signal of the plugin');
  const { Token: token, ConversationSid: sid } = form.output;
  return { origin, token, channelSid: channelSid(sid) };
}
