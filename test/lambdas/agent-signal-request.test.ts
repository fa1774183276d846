import { parseSignalRequest } from '#lambdas/shared/agent-signal-request';

const ORIGINS = ['https://flex.twilio.com', 'https://flex.example.com'];
const SID = `CH${'a'.repeat(32)}`;
const TOKEN = 'eyJ.eyJ.a-very_long+token/==';
const FORM = new URLSearchParams({ Token: TOKEN, ConversationSid: SID }).toString();
const HEADERS = {
  origin: 'https://flex.twilio.com',
  'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
};

const parse = (overrides: object = {}) =>
  parseSignalRequest(
    { headers: HEADERS, body: FORM, isBase64Encoded: false, ...overrides },
    ORIGINS,
  );

describe('parseSignalRequest', () => {
  test('reads token and conversation of a form', () => {
    expect(parse()).toEqual({ origin: ORIGINS[0], token: TOKEN, channelSid: SID });
  });

  test('reads a form that API Gateway has encoded, from an origin that is configured', () => {
    const body = Buffer.from(FORM).toString('base64');
    const headers = { ...HEADERS, origin: ORIGINS[1] };

    expect(parse({ body, isBase64Encoded: true, headers })).toMatchObject({ origin: ORIGINS[1] });
  });

  test.each([
    ['no headers', { headers: null }],
    ['no origin', { headers: { 'Content-Type': HEADERS['Content-Type'] } }],
    ['another origin', { headers: { ...HEADERS, origin: 'https://flex.twilio.com.evil.example' } }],
    ['a sandboxed page', { headers: { ...HEADERS, origin: 'null' } }],
    ['JSON', { headers: { ...HEADERS, 'Content-Type': 'application/json' } }],
    ['nothing', { body: null }],
    ['no token', { body: `ConversationSid=${SID}` }],
    ['two tokens', { body: `${FORM}&Token=${TOKEN}` }],
    ['a token of strange characters', { body: `ConversationSid=${SID}&Token=${'%00'.repeat(20)}` }],
    ['no conversation', { body: `Token=${TOKEN}&ConversationSid=IS1` }],
  ])('refuses %s', (_, overrides) => {
    expect(() => parse(overrides)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  });

  test('refuses a huge body before it reads it', () => {
    const body = `${FORM}&x=${'a'.repeat(8_192)}`;

    expect(() => parse({ body })).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });

  test('refuses what is no event of a REST API', () => {
    expect(() => parseSignalRequest('x', ORIGINS)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
