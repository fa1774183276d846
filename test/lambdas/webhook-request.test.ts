import { parseWebhookRequest } from '#lambdas/shared/webhook-request';

const anEvent = (overrides: object = {}) => ({
  resource: '/new-message/{sessionId}',
  path: '/v1/new-message/s-1',
  pathParameters: { sessionId: 's-1' },
  queryStringParameters: null,
  headers: { 'x-TWILIO-signature': 'abc=', 'Content-Type': 'application/x-www-form-urlencoded' },
  body: 'Body=a%20b&Body=&X=1+2',
  isBase64Encoded: false,
  ...overrides,
});

describe('parseWebhookRequest', () => {
  test("rebuilds the registered path and not a custom domain's mapping", () => {
    expect(parseWebhookRequest(anEvent())).toEqual({
      path: '/new-message/s-1',
      isTaskEvent: false,
      sessionId: 's-1',
      signature: 'abc=',
      contentType: 'application/x-www-form-urlencoded',
      body: 'Body=a%20b&Body=&X=1+2',
    });
  });

  test('decodes a base64 body', () => {
    const body = Buffer.from('Body=é').toString('base64');

    expect(parseWebhookRequest(anEvent({ body, isBase64Encoded: true })).body).toBe('Body=é');
  });

  test('has no session where the URL names none', () => {
    const request = parseWebhookRequest(
      anEvent({ resource: '/new-message', pathParameters: null }),
    );

    expect(request).toMatchObject({ path: '/new-message', sessionId: undefined });
  });

  test('takes an event without body and headers', () => {
    const request = parseWebhookRequest(anEvent({ body: null, headers: null }));

    expect(request).toMatchObject({ body: '', signature: undefined });
  });

  const digest = 'ab'.repeat(32);

  test('keeps the digest that Event Streams adds to its URL', () => {
    const request = parseWebhookRequest(
      anEvent({
        resource: '/task-event',
        pathParameters: null,
        queryStringParameters: { bodySHA256: digest },
      }),
    );

    expect(request).toMatchObject({ path: `/task-event?bodySHA256=${digest}`, isTaskEvent: true });
  });

  test.each([
    ['elsewhere', '/new-message', { bodySHA256: digest }],
    ['that is none', '/task-event', { bodySHA256: 'x' }],
    ['beside another parameter', '/task-event', { bodySHA256: digest, a: '1' }],
  ])('refuses a digest %s', (_, resource, queryStringParameters) => {
    const event = anEvent({ resource, pathParameters: null, queryStringParameters });

    expect(() => parseWebhookRequest(event)).toThrow('query string');
  });

  test('refuses a query string, which no webhook of ours has', () => {
    const event = anEvent({ queryStringParameters: { a: '1' } });

    expect(() => parseWebhookRequest(event)).toThrow('query string');
  });

  test.each([[null], [{}], [{ resource: 1 }]])('refuses %j', (event) => {
    expect(() => parseWebhookRequest(event)).toThrow('not a REST API event');
  });
});
