/** Calls Twilio's REST API. Knows its wire format and its errors; nothing of chats. */
import * as v from 'valibot';
import { ClosedConnectionError, createFreshFetch } from '#adapters/http/fresh-fetch';
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
  /** The body of a POST, instead of a form. */
  readonly upload?: { readonly contentType: string; readonly bytes: Uint8Array };
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

export interface TwilioCredentials {
  /** API key SID, or account SID. */
  readonly user: string;
  /** Its secret, or the auth token. */
  readonly password: string;
}

export interface TwilioRestOptions {
  /** Asked for each call. */
  readonly credentials: () => Promise<TwilioCredentials>;
  /**
   * Reads them anew, because Twilio does not know them any more. A call that was refused so has done
   * nothing, and is made once more with others. @default it fails
   */
  readonly freshCredentials?: () => Promise<TwilioCredentials>;
  /** Default: Twilio itself. Else `https://host/path` becomes `<endpointUrl>/host/path`. */
  readonly endpointUrl?: string | undefined;
  /** For a whole exchange. Default 5000. */
  readonly timeoutMs?: number;
  /** How long the caller can wait at all; no call takes longer. @default as long as it takes */
  readonly remainingMs?: () => number;
  /** @default one that does not reuse connections which a freeze may have ended */
  readonly fetch?: typeof globalThis.fetch;
}

/** Of one call, unless it says otherwise. */
export const TWILIO_TIMEOUT_MS = 5_000;

/** A call is not begun when less is left. */
const MIN_TIMEOUT_MS = 500;

/**
 * How long Twilio may still be working on a write whose answer we did not get. Whoever looks for
 * it earlier may not find it, and makes it twice. Behind a broken connection Twilio stops sooner
 * than behind one on which we only gave up waiting, and a connection that was closed before had most
 * likely nothing behind it. All are guesses: nothing is documented.
 */
export const SETTLE_MS = { timedOut: 15_000, cutOff: 5_000, closed: 1_000 } as const;

/** Errors of Node's name look-up and of its connections: the request never left. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Twilio's edge answers so while the server behind it may still be at work. */
const FROM_THE_EDGE = new Set([502, 504]);

export function createTwilioRest(options: TwilioRestOptions): TwilioRest {
  const { fetch = createFreshFetch() } = options;
  return async (request) => {
    const call = `${request.method} ${request.host}${request.path.pattern}`;
    const answer = await exchangeWithKey(call, request, { ...options, fetch });
    if (answer.status >= 200 && answer.status < 300) return parse(call, request, answer.body);
    throw refusal(call, request, answer);
  };
}

function refusal(call: string, request: TwilioRequest<unknown>, answer: Answer): ChatError {
  const error = twilioError(call, answer, Date.now());
  const code = error.code === 'NO_CHAT' ? (request.notFound ?? error.code) : error.code;
  const isUnderWay = request.method === 'POST' && FROM_THE_EDGE.has(answer.status);
  const retryAfterMs = Math.max(error.retryAfterMs ?? 0, isUnderWay ? SETTLE_MS.cutOff : 0);
  return new ChatError(code, error.message, {
    cause: error.cause,
    ...(retryAfterMs > 0 && { retryAfterMs }),
  });
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** Parsed JSON; undefined when it is none. */
  readonly body: unknown;
}

interface ExchangeOptions extends TwilioRestOptions {
  readonly fetch: typeof globalThis.fetch;
}

/** Makes the call, once more if the key was exchanged since it was read. */
async function exchangeWithKey(
  call: string,
  request: TwilioRequest<unknown>,
  options: ExchangeOptions,
): Promise<Answer> {
  const { credentials, freshCredentials } = options;
  const used = await credentials();
  const answer = await exchange(call, request, used, options);
  if (answer.status !== 401 || freshCredentials === undefined) return answer;
  const fresh = await freshCredentials();
  const isSame = fresh.user === used.user && fresh.password === used.password;
  return isSame ? answer : exchange(call, request, fresh, options);
}

async function exchange(
  call: string,
  request: TwilioRequest<unknown>,
  { user, password }: TwilioCredentials,
  options: ExchangeOptions,
): Promise<Answer> {
  const { fetch, endpointUrl } = options;
  const token = Buffer.from(`${user}:${password}`).toString('base64');
  const remainingMs = options.remainingMs?.() ?? Number.POSITIVE_INFINITY;
  if (remainingMs < MIN_TIMEOUT_MS) {
    throw new ChatError('UPSTREAM_UNAVAILABLE', `${call}: no time left for it`);
  }
  const ownMs = request.timeoutMs ?? options.timeoutMs ?? TWILIO_TIMEOUT_MS;
  try {
    const response = await fetch(urlOf(request, endpointUrl), {
      method: request.method,
      headers: {
        authorization: `Basic ${token}`,
        accept: 'application/json',
        'user-agent': 'flex-channel',
        ...(request.method === 'POST' && bodyHeaders(request)),
        ...(request.webhookEnabled && { 'X-Twilio-Webhook-Enabled': 'true' }),
      },
      ...(request.method === 'POST' && { body: bodyOf(request) }),
      signal: AbortSignal.timeout(Math.min(ownMs, Math.floor(remainingMs))),
      redirect: 'error',
    });
    const { status, headers } = response;
    return { status, retryAfter: headers.get('retry-after'), body: json(await response.text()) };
  } catch (cause) {
    const retryAfterMs = request.method === 'POST' ? settleMs(cause) : undefined;
    throw new ChatError('UPSTREAM_UNAVAILABLE', `${call}: no answer`, {
      cause,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

/** @returns undefined when a write that failed so can't have begun. */
function settleMs(failure: unknown): number | undefined {
  const { name, code = '' } = failure as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return SETTLE_MS.timedOut;
  if (failure instanceof ClosedConnectionError) return SETTLE_MS.closed;
  return NOT_SENT.has(code) ? undefined : SETTLE_MS.cutOff;
}

function urlOf({ method, host, path, form }: TwilioRequest<unknown>, endpointUrl?: string): string {
  const base = endpointUrl === undefined ? 'https://' : `${endpointUrl}/`;
  const query = method === 'GET' ? encodeForm(form).toString() : '';
  return `${base}${host}${path.text}${query === '' ? '' : `?${query}`}`;
}

function bodyHeaders({ upload }: TwilioRequest<unknown>): Record<string, string> {
  if (upload === undefined) return { 'content-type': 'application/x-www-form-urlencoded' };
  // So spelled in the documentation.
  return { 'content-type': upload.contentType, 'content-size': String(upload.bytes.length) };
}

/** The bytes are copied by nobody: their type is narrower than what a `fetch` takes. */
function bodyOf({
  upload,
  form,
}: TwilioRequest<unknown>): URLSearchParams | Uint8Array<ArrayBuffer> {
  return upload === undefined ? encodeForm(form) : (upload.bytes as Uint8Array<ArrayBuffer>);
}

function encodeForm(form: Form = {}): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    const values = typeof value === 'string' ? [value] : (value ?? []);
    for (const one of values) encoded.append(name, one);
  }
  return encoded;
}

/** Twilio has done its work even if we can't read its answer: the next attempt looks for it. */
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
