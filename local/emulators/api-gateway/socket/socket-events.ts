/**
 * The events that functions behind a WebSocket API get.
 * Source: API Gateway developer guide, "Lambda proxy integration" and "Lambda authorizers" for
 * WebSocket APIs, and the recorded events in the test data of aws-lambda-go and aws-lambda-rust-runtime.
 */
import { apiArn, domainName } from '../execute-api.ts';
import { type Fields, fieldsOf, withoutNames } from '../http-fields.ts';
import { requestTime } from '../request-time.ts';

/** What stays the same for the life of a connection. */
export interface ConnectionFacts {
  readonly apiId: string;
  readonly stage: string;
  readonly connectionId: string;
  readonly connectedAtMs: number;
  readonly sourceIp: string;
  /** Absent when the client sent none. */
  readonly userAgent: string | undefined;
  /** What the authorizer said, in every later event of the connection; absent without an authorizer. */
  readonly authorizer: Readonly<Record<string, string | number>> | undefined;
}

/** The request line and headers of a handshake. */
export interface Handshake {
  /** In the client's case, with those that API Gateway adds. */
  readonly headers: readonly [string, string][];
  readonly query: Fields;
}

/** One event among the many of a connection. */
export interface Occasion {
  readonly requestId: string;
  readonly nowMs: number;
}

export function authorizerEvent(facts: ConnectionFacts, occasion: Occasion, shake: Handshake) {
  const headers = fieldsOf([...shake.headers, ['content-length', '0']]);
  return {
    type: 'REQUEST',
    methodArn: apiArn(facts.apiId, `${facts.stage}/$connect`),
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: shake.query.single,
    multiValueQueryStringParameters: shake.query.multi,
    stageVariables: {},
    requestContext: requestContext(facts, occasion, '$connect', 'CONNECT'),
  };
}

export function connectEvent(facts: ConnectionFacts, occasion: Occasion, shake: Handshake) {
  const headers = fieldsOf(withoutNames(shake.headers, ['connection', 'upgrade']));
  const hasQuery = Object.keys(shake.query.single).length > 0;
  return {
    headers: headers.single,
    multiValueHeaders: headers.multi,
    ...(hasQuery && {
      queryStringParameters: shake.query.single,
      multiValueQueryStringParameters: shake.query.multi,
    }),
    requestContext: requestContext(facts, occasion, '$connect', 'CONNECT'),
    isBase64Encoded: false,
  };
}

/** Carries neither headers nor query: who speaks is known from the authorizer's context alone. */
export function messageEvent(
  facts: ConnectionFacts,
  occasion: Occasion,
  message: { readonly routeKey: string; readonly messageId: string; readonly body: string },
) {
  const { routeKey, messageId, body } = message;
  return {
    requestContext: { ...requestContext(facts, occasion, routeKey, 'MESSAGE'), messageId },
    body,
    isBase64Encoded: false,
  };
}

export function disconnectEvent(
  facts: ConnectionFacts,
  occasion: Occasion,
  closing: { readonly code: number; readonly reason: string },
) {
  const headers = fieldsOf([
    ['Host', domainName(facts.apiId)],
    ['x-api-key', ''],
    ['X-Forwarded-For', ''],
    ['x-restapi', ''],
  ]);
  return {
    headers: headers.single,
    multiValueHeaders: headers.multi,
    requestContext: {
      ...requestContext(facts, occasion, '$disconnect', 'DISCONNECT'),
      disconnectStatusCode: closing.code,
      disconnectReason: closing.reason,
    },
    isBase64Encoded: false,
  };
}

function requestContext(
  facts: ConnectionFacts,
  { requestId, nowMs }: Occasion,
  routeKey: string,
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
) {
  const { sourceIp, userAgent, authorizer } = facts;
  return {
    routeKey,
    eventType,
    messageDirection: 'IN',
    requestId,
    extendedRequestId: requestId,
    requestTime: requestTime(nowMs),
    requestTimeEpoch: nowMs,
    connectedAt: facts.connectedAtMs,
    connectionId: facts.connectionId,
    apiId: facts.apiId,
    stage: facts.stage,
    domainName: domainName(facts.apiId),
    identity: { sourceIp, ...(userAgent !== undefined && { userAgent }) },
    ...(authorizer !== undefined && { authorizer }),
  };
}
