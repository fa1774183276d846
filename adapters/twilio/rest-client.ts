/** Calls Twilio's REST API. Knows its wire format and its errors; nothing of chats. */
import * as v from 'valibot';
import { ChatError, type ChatErrorCode } from '#core/errors';
import { twilioError } from './twilio-error.ts';
import type { TwilioPath } from './twilio-path.ts';

/** An array repeats its key; undefined leaves it out. */
export type Form = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface TwilioRequest<Answer> {
  readonly method: 'GET' | 'POST';
  /** Such as `conversations.twilio.com`. */
  readonly host: string;
  readonly path: TwilioPath;
  /** The form of a POST, the query of a GET. */
  readonly form?: Form;
  /** What the answer has to look like. */
  readonly answer: v.GenericSchema<unknown, Answer>;
  /** Lets this write fire webhooks and Studio; by default REST writes are silent. */
  readonly webhookEnabled?: boolean;
  /** Where a 404 is not about a chat. Default `NO_CHAT`. */
  readonly notFound?: ChatErrorCode;
  /** Default: that of the client. */
  readonly timeoutMs?: number;
}

/**
 * Makes one call, without a retry: the queue in front retries.
 * @throws ChatError whose message holds method, path pattern and codes, and nothing of the chat.
 */
export type TwilioRest = <Answer>(request: TwilioRequest<Answer>) => Promise<Answer>;

export interface TwilioRestOptions {
  /** API key SID and secret, or account SID and auth token; asked for each call. */
  readonly credentials: () => Promise<{ readonly user: string; readonly password: string }>;
  /** Default: Twilio itself. Else `https://host/path` becomes `<endpointUrl>/host/path`. */
  readonly endpointUrl?: string | undefined;
  /** For a whole exchange. Default 5000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * A write that we stopped waiting for may still be under way at Twilio. Looked for too early it
 * is not there yet, and would be made twice.
 */
export const SETTLE_MS = 15_000;

export function createTwilioRest(options: TwilioRestOptions): TwilioRest {
  return async (request) => {
    const call = `${request.method} ${request.host}${request.path.pattern}`;
    const answer = await exchange(call, request, options);
    if (answer.status >= 200 && answer.status < 300) return parse(call, request, answer.body);
    const error = twilioError(call, answer, Date.now());
    const { notFound } = request;
    if (notFound === undefined || error.code !== 'NO_CHAT') throw error;
    throw new ChatError(notFound, error.message, { cause: error.cause });
  };
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** Parsed JSON; undefined when it is none. */
  readonly body: unknown;
}

async function exchange(
  call: string,
  request: TwilioRequest<unknown>,
  options: TwilioRestOptions,
): Promise<Answer> {
  const { credentials, fetch = globalThis.fetch, endpointUrl, timeoutMs } = options;
  const { user, password } = await credentials();
  const token = Buffer.from(`${user}:${password}`).toString('base64');
  try {
    const response = await fetch(urlOf(request, endpointUrl), {
      method: request.method,
      headers: {
        authorization: `Basic ${token}`,
        accept: 'application/json',
        ...(request.webhookEnabled && { 'X-Twilio-Webhook-Enabled': 'true' }),
      },
      // Sets the content type of a form by itself.
      ...(request.method === 'POST' && { body: encodeForm(request.form) }),
      signal: AbortSignal.timeout(request.timeoutMs ?? timeoutMs ?? DEFAULT_TIMEOUT_MS),
      redirect: 'error',
    });
    const { status, headers } = response;
    return { status, retryAfter: headers.get('retry-after'), body: json(await response.text()) };
  } catch (cause) {
    const isUnderWay = request.method === 'POST' && (cause as Error).name === 'TimeoutError';
    throw new ChatError('UPSTREAM_UNAVAILABLE', `${call}: no answer`, {
      cause,
      ...(isUnderWay && { retryAfterMs: SETTLE_MS }),
    });
  }
}

function urlOf({ method, host, path, form }: TwilioRequest<unknown>, endpointUrl?: string): string {
  const base = endpointUrl === undefined ? 'https://' : `${endpointUrl}/`;
  const query = method === 'GET' ? encodeForm(form).toString() : '';
  return `${base}${host}${path.text}${query === '' ? '' : `?${query}`}`;
}

function encodeForm(form: Form = {}): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    const values = typeof value === 'string' ? [value] : (value ?? []);
    for (const one of values) encoded.append(name, one);
  }
  return encoded;
}

/** What Twilio did stands, even if we can't read its answer: the next attempt looks for it. */
function parse<Parsed>(call: string, request: TwilioRequest<Parsed>, body: unknown): Parsed {
  const parsed = v.safeParse(request.answer, body);
  if (parsed.success) return parsed.output;
  const field = v.getDotPath(parsed.issues[0]) ?? 'body';
  throw new ChatError('UPSTREAM_UNAVAILABLE', `${call}: ${field} of the answer is not as expected`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
