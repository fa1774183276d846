import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFromHere } from '#local/own-site';
import type { Traffic } from '#local/wire/wire';
import { settleTimers } from '../conversations/state/timers.ts';
import type { FaultSettings } from '../faults/fault-settings.ts';
import type { Faults } from '../faults/faults.ts';
import { baseOf } from '../media/content-address.ts';
import { answerMedia, MEDIA_HOST } from '../media/media-service.ts';
import { MAX_MEDIA_BYTES } from '../media/stored-media.ts';
import type { World } from '../world/world.ts';
import { authenticate } from './authenticate.ts';
import { Answered, type Operation } from './call.ts';
import { checkParameters, type Pairs } from './check-parameters.ts';
import { type Endpoint, matchEndpoint } from './endpoint.ts';
import { MAX_BODY_BYTES, readBytes, sendJson } from './http.ts';
import { assertPermitted } from './permissions.ts';
import { formOf, type RequestLog } from './request-log.ts';
import { badRequest, notFound, TwilioError } from './twilio-error.ts';

/** What one simulated product serves. */
export interface Product {
  readonly endpoints: readonly Endpoint[];
  /** By name of operation. */
  readonly operations: Readonly<Record<string, Operation>>;
}

interface RestRequest {
  readonly method: string;
  /** Such as `conversations.twilio.com`. */
  readonly host: string;
  /** Percent-encoded. */
  readonly path: string;
  /** On Twilio's host, with the query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly query: Pairs;
  readonly form: Pairs;
  readonly bytes: Buffer;
  /** Of the simulator. */
  readonly base: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const FAULT_CODES = { 429: 20429, 500: 20500, 503: 20503 } as const;

/** Answers as Twilio's hosts do, under `/<host>/<path>`. */
export class RestApi {
  readonly #world: World;
  readonly #products: readonly Product[];
  readonly #faults: Faults;
  readonly #log: RequestLog;

  constructor(world: World, products: readonly Product[], faults: Faults, log: RequestLog) {
    this.#world = world;
    this.#products = products;
    this.#faults = faults;
    this.#log = log;
  }

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isFromHere(incoming)) {
      sendJson(response, 403, { code: 20403, message: 'no local program', status: 403 });
      return;
    }
    const request = await readRequest(incoming);
    const ended = this.#world.watch(trafficOf(request));
    const answer = this.#answer(request);
    if (request.method !== 'GET') this.#world.file?.touch();
    this.#log.add({
      method: request.method,
      url: request.url,
      form: formOf(request.form),
      webhookEnabled: enablesWebhooks(request),
      status: answer.status,
      at: new Date(this.#world.nowMs()).toISOString(),
    });
    const isCut = request.method !== 'GET' && answer.status < 300 && this.#faults.takeCut();
    if (this.#faults.latencyMs > 0) await sleep(this.#faults.latencyMs);
    // Nobody learns of what might be forgotten.
    await this.#world.file?.kept();
    ended({ status: isCut ? `${answer.status}, cut off` : answer.status, answer: answer.body });
    if (isCut) incoming.socket.destroy();
    else sendJson(response, answer.status, answer.body, this.#headers(answer));
  }

  /** Its clock is the real one: clients hold it against theirs. */
  #headers(answer: Answer): Record<string, string> {
    const date = new Date(Date.now() + this.#world.clockSkewMs).toUTCString();
    return { date, ...challenge(answer), ...answer.headers };
  }

  #answer(request: RestRequest): Answer {
    const fault = this.#faults.takeRefusal();
    if (fault !== undefined) return refusal(fault);
    try {
      return this.#serve(request);
    } catch (error) {
      if (!(error instanceof TwilioError)) throw error;
      return { status: error.status, body: error };
    }
  }

  #serve(request: RestRequest): Answer {
    const keyType = authenticate(this.#world.account, request.headers.authorization);
    assertPermitted(keyType, request.host, request.path);
    settleTimers(this.#world);
    if (request.host === MEDIA_HOST) {
      const contentType = request.headers['content-type'] ?? '';
      return answerMedia(this.#world, { ...request, contentType });
    }
    for (const { endpoints, operations } of this.#products) {
      const match = matchEndpoint(endpoints, request.method, request.host, request.path);
      const operation = match && operations[match.endpoint.operation];
      if (!match || !operation) continue;
      const body = operation(this.#call(request, match));
      return body instanceof Answered ? body : { status: match.endpoint.success, body };
    }
    throw notFound(request.path);
  }

  #call(
    request: RestRequest,
    { endpoint, path }: NonNullable<ReturnType<typeof matchEndpoint>>,
  ): Parameters<Operation>[0] {
    if (!['true', 'false'].includes(webhookHeader(request))) {
      throw badRequest('X-Twilio-Webhook-Enabled: expected true or false');
    }
    const firesWebhooks = endpoint.takesWebhookHeader && enablesWebhooks(request);
    const pageSize = endpoint.parameters.find(({ name }) => name === 'PageSize')?.kind;
    return {
      path,
      parameters: checkParameters(endpoint.parameters, givenParameters(request, endpoint)),
      url: request.url,
      maxPageSize: (pageSize?.type === 'integer' && pageSize.maximum) || 0,
      actor: { source: 'API', firesWebhooks },
    };
  }
}

function trafficOf({ form, method, path, url }: RestRequest): Traffic {
  const [channel] =
    /CH[0-9a-f]{32}/.exec(`${url} ${form.map(([, value]) => value).join(' ')}`) ?? [];
  return {
    kind: 'twilio',
    title: `${method} ${path}`,
    about: channel,
    body: form.length > 0 ? formOf(form) : undefined,
  };
}

async function readRequest(incoming: IncomingMessage): Promise<RestRequest> {
  const { method = '', headers } = incoming;
  const [target = '', query = ''] = (incoming.url ?? '').split(/\?(.*)/s);
  const [, host = '', path = ''] = /^\/([^/]+)(.*)$/.exec(target) ?? [];
  const maxBytes = host === MEDIA_HOST ? MAX_MEDIA_BYTES + 1 : MAX_BODY_BYTES;
  const bytes = await readBytes(incoming, maxBytes);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '');
  return {
    method,
    host,
    path,
    url: `https://${host}${path}${query && `?${query}`}`,
    headers,
    query: [...new URLSearchParams(query)],
    form: isForm ? [...new URLSearchParams(bytes.toString('utf8'))] : [],
    bytes,
    base: baseOf(incoming),
  };
}

/** Reads take parameters in the query, writes as a form or JSON; nothing is taken elsewhere. */
function givenParameters(
  { method, query, form, bytes, headers }: RestRequest,
  { takesJson }: Endpoint,
): Pairs {
  const hasBody = bytes.length > 0;
  if (method === 'POST') {
    if (query.length > 0) throw badRequest('Parameters belong in the body, not in the query');
    if (takesJson) return jsonPairs(headers['content-type'], bytes.toString('utf8'));
    if (hasBody && form.length === 0) {
      throw badRequest('The body must be application/x-www-form-urlencoded');
    }
    return form;
  }
  if (hasBody) throw badRequest(`${method} takes no body`);
  return query;
}

function jsonPairs(contentType: string | undefined, body: string): Pairs {
  const isJson = /^application\/json\b/i.test(contentType ?? '');
  const parsed = isJson ? parseObject(body) : undefined;
  if (parsed === undefined) throw badRequest('The body must be a JSON object');
  return Object.entries(parsed).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const webhookHeader = ({ headers }: RestRequest): string =>
  String(headers['x-twilio-webhook-enabled'] ?? 'false').toLowerCase();

/** Documented in lower case; clients in the field send `True` as well. */
const enablesWebhooks = (request: RestRequest): boolean => webhookHeader(request) === 'true';

/** Whether Twilio's APIs send `Retry-After` is not documented; clients have to do with and without. */
function refusal({ status, retryAfter }: NonNullable<FaultSettings['rest']>): Answer {
  return {
    status,
    body: new TwilioError(status, FAULT_CODES[status], 'A fault that was asked for'),
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  };
}

const challenge = ({ status }: Answer): Record<string, string> =>
  status === 401 ? { 'www-authenticate': 'Basic realm="Twilio API"' } : {};
