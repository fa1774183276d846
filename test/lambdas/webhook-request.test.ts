import { parseWebhookRequest } from '#lambdas/shared/webhook-request';

const SIGNATURE = `${'A'.repeat(27)}=`;

const anEvent = (overrides: object = {}) => ({
  resource: '/new-message/{sessionId}',
  path: '/v1/new-message/s-1',
  pathParameters: { sessionId: 's-1' },
  queryStringParameters: null,
  headers: { 'x-TWILIO-signature': SIGNATURE, 'Content-Type': 'application/x-www-form-urlencoded' },
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
      signature: SIGNATURE,
      body: 'Body=a%20b&Body=&X=1+2',
      form: { Body: ['a b', ''], X: '1 2' },
    });
  });

  test('decodes a base64 body', () => {
    const body = Buffer.from('Body=é').toString('base64');

    expect(parseWebhookRequest(anEvent({ body, isBase64Encoded: true })).body).toBe('Body=é');
  });

  test('takes a body in base64 that is as long as one in plain text may be', () => {
    const longest = `Body=${'a'.repeat(200 * 1024)}`;
    const body = Buffer.from(longest).toString('base64');

    expect(parseWebhookRequest(anEvent({ body, isBase64Encoded: true })).body).toBe(longest);
    expect(() =>
      parseWebhookRequest(anEvent({ body: body.repeat(2), isBase64Encoded: true })),
    ).toThrow('a webhook too large');
  });

  test('has no session where the URL names none', () => {
    const request = parseWebhookRequest(
      anEvent({ resource: '/new-message', pathParameters: null }),
    );

    expect(request).toMatchObject({ path: '/new-message', sessionId: undefined });
  });

  test('takes an event without body', () => {
    expect(parseWebhookRequest(anEvent({ body: null }))).toMatchObject({ body: '', form: {} });
  });

  test('reads no fields where the body is none', () => {
    const headers = { 'x-twilio-signature': SIGNATURE, 'content-type': 'application/json' };

    expect(parseWebhookRequest(anEvent({ headers, body: '[]' })).form).toBeUndefined();
  });

  test.each([
    ['no headers', null],
    ['no signature', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['an empty one', { 'x-twilio-signature': '' }],
    ['one that is too short', { 'x-twilio-signature': 'abc=' }],
    ['one that is too long', { 'x-twilio-signature': `A${SIGNATURE}` }],
    ['two of them', { 'x-twilio-signature': `${SIGNATURE},${SIGNATURE}` }],
  ])('refuses an event with %s before it looks at the rest', (_what, headers) => {
    const event = anEvent({
      headers,
      queryStringParameters: { a: '1' },
      body: 'a=1&'.repeat(9_999),
    });

    expect(() => parseWebhookRequest(event)).toThrow('without a signature');
  });

  test('refuses a body above 256 KB before it is decoded', () => {
    const body = 'A'.repeat(256 * 1024);

    expect(parseWebhookRequest(anEvent({ body })).body).toBe(body);
    expect(() => parseWebhookRequest(anEvent({ body: `${body}A` }))).toThrow('too large');
    expect(() =>
      parseWebhookRequest(anEvent({ body: 'A'.repeat(350_000), isBase64Encoded: true })),
    ).toThrow('too large');
  });

  test('refuses events of tasks above 1 MB, of which Twilio sends many at once', () => {
    const events = (body: string) =>
      anEvent({ resource: '/task-event', pathParameters: null, body });
    const body = 'A'.repeat(1024 * 1024);

    expect(parseWebhookRequest(events(body)).body).toBe(body);
    expect(() => parseWebhookRequest(events(`${body}A`))).toThrow('too large');
  });

  describe('of an interaction, without a signature', () => {
    const aHint = (overrides: object = {}) =>
      anEvent({
        resource: '/channel-update',
        pathParameters: null,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'EventType=onParticipantLeft&InteractionSid=KD1',
        ...overrides,
      });

    test('passes as a hint', () => {
      const hint = parseWebhookRequest(aHint());

      expect(hint.signature).toBeUndefined();
      expect(hint.form).toMatchObject({ InteractionSid: 'KD1' });
    });

    test.each([
      ['for a session', { resource: '/channel-update/{sessionId}' }],
      ['about messages', { resource: '/new-message' }],
      ['of Event Streams', { resource: '/task-event' }],
      ['about anything else', { body: 'EventType=onParticipantRemoved&ConversationSid=CH1' }],
      ['that is no form', { headers: {} }],
      ['with something else as the signature', { headers: { 'x-twilio-signature': 'x' } }],
    ])('is refused %s', (_, overrides) => {
      expect(() => parseWebhookRequest(aHint(overrides))).toThrow('without a signature');
    });

    test('is refused above 4 KB', () => {
      const body = 'InteractionSid=KD1&'.padEnd(4 * 1024, 'a');

      expect(parseWebhookRequest(aHint({ body })).body).toBe(body);
      expect(() => parseWebhookRequest(aHint({ body: `${body}a` }))).toThrow('too large');
    });
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
