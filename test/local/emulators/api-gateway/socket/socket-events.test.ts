import { fieldsOf } from '#local/emulators/api-gateway/http-fields';
import {
  authorizerEvent,
  type ConnectionFacts,
  connectEvent,
  disconnectEvent,
  type Handshake,
  messageEvent,
} from '#local/emulators/api-gateway/socket/socket-events';

const NOW_MS = Date.UTC(2026, 10, 2, 6, 30, 5, 456);

const facts: ConnectionFacts = {
  apiId: 'a1b2c3d4e5',
  stage: 'live',
  connectionId: 'Ab1cCc2VOjMCFqA=',
  connectedAtMs: NOW_MS - 333,
  sourceIp: '127.0.0.1',
  userAgent: 'browser',
  authorizer: { sessionId: 's_1', principalId: 'visitor-1', integrationLatency: 31 },
};
const occasion = { requestId: 'Ab1cDH18OjMFxyz=', nowMs: NOW_MS };

const aHandshake = (query = ''): Handshake => ({
  headers: [
    ['Host', 'chat.example.com'],
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['x-tag', 'a'],
    ['X-Tag', 'b'],
  ],
  query: fieldsOf(new URLSearchParams(query)),
});

const context = {
  messageDirection: 'IN',
  requestId: 'Ab1cDH18OjMFxyz=',
  extendedRequestId: 'Ab1cDH18OjMFxyz=',
  requestTime: '02/Nov/2026:06:30:05 +0000',
  requestTimeEpoch: NOW_MS,
  connectedAt: NOW_MS - 333,
  connectionId: 'Ab1cCc2VOjMCFqA=',
  apiId: 'a1b2c3d4e5',
  stage: 'live',
  domainName: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
  identity: { sourceIp: '127.0.0.1', userAgent: 'browser' },
  authorizer: { sessionId: 's_1', principalId: 'visitor-1', integrationLatency: 31 },
};

describe('authorizer event', () => {
  test('carries all headers, the query and the ARN of the method', () => {
    const { authorizer: _none, ...withoutAuthorizer } = context;

    const event = authorizerEvent(
      { ...facts, authorizer: undefined },
      occasion,
      aHandshake('a=1&a=2'),
    );

    expect(event).toEqual({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:000000000000:a1b2c3d4e5/live/$connect',
      headers: {
        Host: 'chat.example.com',
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'x-tag': 'b',
        'content-length': '0',
      },
      multiValueHeaders: {
        Host: ['chat.example.com'],
        Connection: ['Upgrade'],
        Upgrade: ['websocket'],
        'x-tag': ['a', 'b'],
        'content-length': ['0'],
      },
      queryStringParameters: { a: '2' },
      multiValueQueryStringParameters: { a: ['1', '2'] },
      stageVariables: {},
      requestContext: { ...withoutAuthorizer, routeKey: '$connect', eventType: 'CONNECT' },
    });
  });
});

describe('$connect event', () => {
  test('carries the headers of the client but for Connection and Upgrade', () => {
    expect(connectEvent(facts, occasion, aHandshake())).toEqual({
      headers: { Host: 'chat.example.com', 'x-tag': 'b' },
      multiValueHeaders: { Host: ['chat.example.com'], 'x-tag': ['a', 'b'] },
      requestContext: { ...context, routeKey: '$connect', eventType: 'CONNECT' },
      isBase64Encoded: false,
    });
  });

  test('carries a query only when there is one', () => {
    const event = connectEvent(facts, occasion, aHandshake('a=1'));

    expect(event).toMatchObject({
      queryStringParameters: { a: '1' },
      multiValueQueryStringParameters: { a: ['1'] },
    });
  });

  test('names no user agent when the client sends none', () => {
    const event = connectEvent({ ...facts, userAgent: undefined }, occasion, aHandshake());

    expect(event.requestContext.identity).toEqual({ sourceIp: '127.0.0.1' });
  });
});

describe('message event', () => {
  test('carries the body and no header', () => {
    const message = { routeKey: '$default', messageId: 'Ab1cDeFgHiJkLmN=', body: '{"a":1}' };

    expect(messageEvent(facts, occasion, message)).toEqual({
      requestContext: {
        ...context,
        routeKey: '$default',
        eventType: 'MESSAGE',
        messageId: 'Ab1cDeFgHiJkLmN=',
      },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });
});

describe('$disconnect event', () => {
  test('carries code and reason, and the four headers that API Gateway makes up', () => {
    expect(disconnectEvent(facts, occasion, { code: 1001, reason: 'Going away' })).toEqual({
      headers: {
        Host: context.domainName,
        'x-api-key': '',
        'X-Forwarded-For': '',
        'x-restapi': '',
      },
      multiValueHeaders: {
        Host: [context.domainName],
        'x-api-key': [''],
        'X-Forwarded-For': [''],
        'x-restapi': [''],
      },
      requestContext: {
        ...context,
        routeKey: '$disconnect',
        eventType: 'DISCONNECT',
        disconnectStatusCode: 1001,
        disconnectReason: 'Going away',
      },
      isBase64Encoded: false,
    });
  });
});
