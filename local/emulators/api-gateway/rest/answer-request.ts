import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '#local/clock';
import { areHeadersTooLarge, headerPairs, splitTarget } from '../http-fields.ts';
import { newId, newTraceId } from '../ids.ts';
import type { Integrate } from '../integration.ts';
import type { Throttle } from '../throttle.ts';
import { httpEvent } from './http-event.ts';
import { refusalOf } from './refusals.ts';
import { answerOf, type HttpAnswer } from './rest-answer.ts';
import type { RestConfig, RestMethod } from './rest-config.ts';
import { type RestOccasion, type RestRequest, restEvent } from './rest-event.ts';
import { matchResource, type RestMatch } from './rest-match.ts';

/** What all requests to one running REST API share. */
export interface RestRuntime {
  readonly config: RestConfig;
  readonly integrate: Integrate;
  readonly clock: Clock;
  readonly throttles: ReadonlyMap<RestMethod, Throttle>;
}

/** Decides over a request: path, method, throttle, then the function; its first line and headers have been read. */
export async function answerRequest(
  { config, integrate, clock, throttles }: RestRuntime,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<HttpAnswer> {
  const refused = refusalOf(config);
  const prefix = `/${config.stage}`;
  const { path: fullPath, query } = splitTarget(incoming.url ?? '');
  if (fullPath !== prefix && !fullPath.startsWith(`${prefix}/`)) {
    return refused.otherStage;
  }
  const path = fullPath.slice(prefix.length) || '/';
  if (areHeadersTooLarge(incoming.rawHeaders)) {
    return refused.headersTooLarge;
  }
  const match = findMatch(config, path);
  if (match === 'bad-request') return refused.badRequest;
  const method = match?.resource.methods.find(
    ({ httpMethod }) => httpMethod === incoming.method || httpMethod === 'ANY',
  );
  if (match === undefined || method === undefined) return refused.unknown;
  if (throttles.get(method)?.admits() === false) {
    return refused.tooMany;
  }
  const request = readRequest(incoming, { path, query, body });
  const toEvent = config.kind === 'http' ? httpEvent : restEvent;
  const event = toEvent(request, match, newOccasion(config, clock));
  const outcome = await integrate(method.integration, event);
  return refused.failed(outcome) ?? answerOf(outcome);
}

function findMatch({ resources }: RestConfig, path: string): RestMatch | undefined | 'bad-request' {
  try {
    return matchResource(resources, path);
  } catch (error) {
    if (error instanceof URIError) return 'bad-request';
    throw error;
  }
}

function readRequest(
  incoming: IncomingMessage,
  { path, query, body }: { path: string; query: string; body: Buffer },
): RestRequest {
  return {
    method: incoming.method ?? '',
    path,
    query,
    headers: headerPairs(incoming.rawHeaders),
    body,
    sourceIp: incoming.socket.remoteAddress ?? '',
    userAgent: incoming.headers['user-agent'],
  };
}

function newOccasion({ apiId, stage }: RestConfig, clock: Clock): RestOccasion {
  const nowMs = clock.now();
  return {
    apiId,
    stage,
    requestId: randomUUID(),
    extendedRequestId: newId(Math.random),
    traceId: newTraceId(nowMs, Math.random),
    nowMs,
  };
}
