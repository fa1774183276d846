/** Events of an API Gateway WebSocket API, and its authorizer's answers. */
import * as v from 'valibot';
import { ChatError } from '#core/errors';
import { type ConnectionId, connectionId, type SessionId, sessionId } from '#core/ids';
import { headerOf } from './headers.ts';

const AuthorizerEventSchema = v.object({
  type: v.literal('REQUEST'),
  methodArn: v.string(),
  headers: v.record(v.string(), v.string()),
  requestContext: v.object({ identity: v.object({ sourceIp: v.string() }) }),
});

/**
 * Message events carry no headers, but every event of a connection carries what the authorizer
 * decided.
 */
const RouteEventSchema = v.object({
  requestContext: v.object({
    eventType: v.picklist(['CONNECT', 'MESSAGE', 'DISCONNECT']),
    connectionId: v.string(),
    requestId: v.string(),
    connectedAt: v.number(),
    authorizer: v.object({ sessionId: v.string(), resumed: v.optional(v.unknown()) }),
  }),
  /** Absent or null on `$connect` and `$disconnect`. */
  body: v.nullish(v.string(), ''),
});

export type SocketEvent =
  | {
      readonly kind: 'AUTHORIZE';
      readonly methodArn: string;
      readonly protocols: readonly string[];
      readonly origin: string | undefined;
      readonly address: string;
    }
  | {
      readonly kind: 'CONNECT' | 'MESSAGE' | 'DISCONNECT';
      readonly sessionId: SessionId;
      readonly connectionId: ConnectionId;
      readonly requestId: string;
      readonly connectedAtMs: number;
      /** The session may have other connections. */
      readonly isResumed: boolean;
      readonly body: string;
    };

/**
 * @throws ChatError `INVALID_INPUT` for anything but an authorizer or route event.
 * Source: API Gateway developer guide, "Lambda proxy integration" for WebSocket APIs.
 */
export function parseSocketEvent(event: unknown): SocketEvent {
  const authorizer = v.safeParse(AuthorizerEventSchema, event);
  if (authorizer.success) {
    const { methodArn, headers, requestContext } = authorizer.output;
    return {
      kind: 'AUTHORIZE',
      methodArn,
      protocols: (headerOf(headers, 'sec-websocket-protocol') ?? '')
        .split(',')
        .map((offered) => offered.trim()),
      origin: headerOf(headers, 'origin'),
      address: requestContext.identity.sourceIp,
    };
  }
  const route = v.safeParse(RouteEventSchema, event);
  if (!route.success) {
    throw new ChatError('INVALID_INPUT', 'neither an authorizer nor a WebSocket route event');
  }
  const { requestContext, body } = route.output;
  return {
    kind: requestContext.eventType,
    sessionId: sessionId(requestContext.authorizer.sessionId),
    connectionId: connectionId(requestContext.connectionId),
    requestId: requestContext.requestId,
    connectedAtMs: requestContext.connectedAt,
    // API Gateway passes the authorizer's values on as text, or unchanged.
    isResumed: String(requestContext.authorizer.resumed) === 'true',
    body,
  };
}

/**
 * The answer of a REQUEST authorizer; `context` comes back with every later event of the
 * connection.
 */
export function authorizerAnswer(
  effect: 'Allow' | 'Deny',
  methodArn: string,
  id: SessionId,
  isResumed = false,
) {
  return {
    principalId: id,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn }],
    },
    context: { sessionId: id, ...(isResumed && { resumed: 'true' }) },
  };
}
