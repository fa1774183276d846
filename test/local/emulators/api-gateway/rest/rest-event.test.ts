import { type RestRequest, restEvent } from '#local/emulators/api-gateway/rest/rest-event';

const NOW_MS = Date.UTC(2026, 10, 22, 6, 30);

const occasion = {
  apiId: 'r9s8t7u6v5',
  stage: 'prod',
  requestId: '0b1c2d3e-0000-4000-8000-000000000000',
  extendedRequestId: 'Ab1cDH18OjMFxyz=',
  traceId: 'Root=1-69215b38-000000000000000000000000',
  nowMs: NOW_MS,
};

const aMatch = (pathParameters = {}) => ({
  resource: { resourceId: 'abc123', resourcePath: '/new-message/{sessionId}', methods: [] },
  pathParameters,
});

const aRequest = (given: Partial<RestRequest> = {}): RestRequest => ({
  method: 'POST',
  path: '/new-message/s%20_1',
  query: '',
  headers: [],
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
  userAgent: undefined,
  ...given,
});

describe('REST event', () => {
  test('gives null for whatever is empty', () => {
    const event = restEvent(aRequest(), aMatch(), occasion);

    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  test('gives query parameters decoded, the last one and all of them', () => {
    const event = restEvent(aRequest({ query: 'a=1&a=%C3%BC&b=' }), aMatch(), occasion);

    expect(event.queryStringParameters).toEqual({ a: 'ü', b: '' });
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1', 'ü'], b: [''] });
  });

  test('gives the headers of the client, those of API Gateway, and none of the connection', () => {
    const headers: [string, string][] = [
      ['X-Twilio-Signature', 'abc='],
      ['Connection', 'keep-alive'],
      ['Content-Length', '7'],
      ['Accept', 'a'],
      ['accept', 'b'],
    ];

    const event = restEvent(aRequest({ headers }), aMatch(), occasion);

    expect(event.headers).toEqual({
      'X-Twilio-Signature': 'abc=',
      Accept: 'b',
      'X-Amzn-Trace-Id': occasion.traceId,
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': '443',
      'X-Forwarded-Proto': 'https',
    });
    expect(event.multiValueHeaders).toMatchObject({ Accept: ['a', 'b'] });
  });

  test('tells both paths: with the stage in the context, without it outside', () => {
    const event = restEvent(aRequest(), aMatch({ sessionId: 's _1' }), occasion);

    expect(event).toMatchObject({
      resource: '/new-message/{sessionId}',
      path: '/new-message/s%20_1',
      httpMethod: 'POST',
      pathParameters: { sessionId: 's _1' },
    });
    expect(event.requestContext).toMatchObject({
      accountId: '000000000000',
      apiId: 'r9s8t7u6v5',
      domainName: 'r9s8t7u6v5.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'r9s8t7u6v5',
      httpMethod: 'POST',
      identity: { sourceIp: '127.0.0.1', userAgent: null, user: null },
      path: '/prod/new-message/s%20_1',
      protocol: 'HTTP/1.1',
      requestId: occasion.requestId,
      extendedRequestId: occasion.extendedRequestId,
      requestTime: '22/Nov/2026:06:30:00 +0000',
      requestTimeEpoch: NOW_MS,
      resourceId: 'abc123',
      resourcePath: '/new-message/{sessionId}',
      stage: 'prod',
    });
  });
});
