import type { IncomingMessage } from 'node:http';
import {
  areHeadersTooLarge,
  fieldsOf,
  forwardedPairs,
  headerPairs,
  splitTarget,
} from '../http-fields.ts';
import { newId, newTraceId } from '../ids.ts';
import type { Outcome } from '../integration.ts';
import { type AuthorizerContext, authorize, type Refusal } from './authorize.ts';
import { type ConnectionFacts, connectEvent, type Handshake } from './socket-events.ts';
import { newOccasion, type SocketRuntime } from './socket-runtime.ts';

/** A client that may become a connection. */
export interface Admission {
  readonly facts: ConnectionFacts;
  /** The header of the answer; API Gateway itself chooses none of what the client offered. */
  readonly subprotocol: string | undefined;
}

export type Admitted = { readonly admission: Admission } | { readonly refusal: Refusal };

/** Decides over an upgrade request: path, throttle, authorizer, `$connect`, in this order. */
export async function admit(runtime: SocketRuntime, request: IncomingMessage): Promise<Admitted> {
  const refusal = refusalBeforeCalls(runtime, request);
  if (refusal) return { refusal };
  const facts = newFacts(runtime, request);
  const handshake = readHandshake(runtime, request, facts.sourceIp);
  const { authorizer } = runtime.config;
  if (authorizer === undefined) return connect(runtime, facts, handshake);
  const authorization = await authorize(runtime, authorizer, facts, handshake);
  if ('refusal' in authorization) return authorization;
  return connect(runtime, withContext(facts, authorization.context), handshake);
}

function refusalBeforeCalls(runtime: SocketRuntime, request: IncomingMessage): Refusal | undefined {
  const { path } = splitTarget(request.url ?? '');
  if (path !== `/${runtime.config.stage}`) return { status: 403, message: 'Forbidden' };
  if (isTooLong(request)) return { status: 414, message: 'Request URI Too Long' };
  if (areHeadersTooLarge(request.rawHeaders)) {
    return { status: 431, message: 'Request Header Fields Too Large' };
  }
  if (!isWebSocketRequest(request)) return { status: 400, message: 'Bad Request' };
  const fault = runtime.faults.takeConnect();
  if (fault !== undefined) return { status: fault, message: 'Refused by a fault' };
  const isThrottled = runtime.throttles.get('$connect')?.admits() === false;
  return isThrottled ? { status: 429, message: 'Too Many Requests' } : undefined;
}

/** Source: API Gateway developer guide, "WebSocket API quotas"; the status is unconfirmed. */
const MAX_URL_CHARACTERS = 4_096;

const isTooLong = ({ url = '' }: IncomingMessage): boolean => url.length > MAX_URL_CHARACTERS;

/**
 * Looked at first: once `$connect` has run nothing may stop the connection any more.
 * What API Gateway says to a subprotocol that is offered twice is unconfirmed; RFC 6455 forbids it,
 * and nothing has been begun that would have to be ended.
 */
function isWebSocketRequest({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    /^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? '') &&
    areSubprotocols(headers['sec-websocket-protocol'])
  );
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Tokens, each of them once. Source: RFC 6455, section 4.1, point 10. */
function areSubprotocols(header: string | undefined): boolean {
  if (header === undefined) return true;
  const offered = header.split(',').map((name) => name.replace(/^[ \t]+|[ \t]+$/g, ''));
  return offered.every((name) => TOKEN.test(name)) && new Set(offered).size === offered.length;
}

function newFacts({ config, clock, random }: SocketRuntime, request: IncomingMessage) {
  return {
    apiId: config.apiId,
    stage: config.stage,
    connectionId: newId(random),
    connectedAtMs: clock.now(),
    sourceIp: request.socket.remoteAddress ?? '',
    userAgent: request.headers['user-agent'],
    authorizer: undefined,
  };
}

const withContext = (facts: ConnectionFacts, authorizer: AuthorizerContext): ConnectionFacts => ({
  ...facts,
  authorizer,
});

function readHandshake(
  { clock, random }: SocketRuntime,
  { rawHeaders, url }: IncomingMessage,
  sourceIp: string,
): Handshake {
  const traceId = newTraceId(clock.now(), random);
  return {
    headers: [...headerPairs(rawHeaders), ...forwardedPairs(sourceIp, traceId)],
    query: fieldsOf(new URLSearchParams(splitTarget(url ?? '').query)),
  };
}

async function connect(
  runtime: SocketRuntime,
  facts: ConnectionFacts,
  handshake: Handshake,
): Promise<Admitted> {
  const route = runtime.config.routes.get('$connect');
  if (route === undefined) return { admission: { facts, subprotocol: undefined } };
  const event = connectEvent(facts, newOccasion(runtime), handshake);
  const outcome = await runtime.integrate(route.integration, event);
  const answer = readAnswer(outcome);
  if ('refusal' in answer) return answer;
  return { admission: { facts, subprotocol: answer.subprotocol } };
}

/** 502 for a timeout or a malformed answer is unconfirmed, as is 500 for a function that is throttled. */
function readAnswer(
  outcome: Outcome,
): { readonly subprotocol: string | undefined } | { readonly refusal: Refusal } {
  const message = 'Internal server error';
  if (outcome.kind === 'forbidden' || outcome.kind === 'throttled') {
    return { refusal: { status: 500, message } };
  }
  const answer = (outcome.kind === 'returned' ? outcome.value : undefined) as
    | { readonly statusCode?: unknown; readonly headers?: Readonly<Record<string, unknown>> }
    | null
    | undefined;
  const status = answer?.statusCode;
  if (!isHttpStatus(status)) return { refusal: { status: 502, message } };
  if (status < 200 || status > 299) return { refusal: { status, message: 'Refused by $connect' } };
  return { subprotocol: subprotocolOf(answer?.headers ?? {}) };
}

const isHttpStatus = (status: unknown): status is number =>
  Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599;

function subprotocolOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const found = Object.entries(headers).find(
    ([name]) => name.toLowerCase() === 'sec-websocket-protocol',
  );
  return found && String(found[1]);
}
