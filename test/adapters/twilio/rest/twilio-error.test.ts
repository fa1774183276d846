import { isAlreadyThere, twilioCode, twilioError } from '#adapters/twilio/rest/twilio-error';

const NOW_MS = Date.UTC(2026, 0, 5, 10, 0, 0);

const errorOf = (status: number, code?: number, retryAfter: string | null = null) =>
  twilioError(
    'GET host/*',
    { status, body: code === undefined ? '' : { code }, retryAfter },
    NOW_MS,
  );

describe('twilioError', () => {
  test.each([
    [401, 20003, 'MISCONFIGURED'],
    [403, 20003, 'MISCONFIGURED'],
    [400, 50006, 'MISCONFIGURED'],
    [404, 50050, 'MISCONFIGURED'],
    [400, 45367, 'MISCONFIGURED'],
    [429, 20429, 'RATE_LIMITED'],
    [400, 45205, 'MISCONFIGURED'],
    [400, 45010, 'RATE_LIMITED'],
    [400, 50063, 'RATE_LIMITED'],
    [400, 50074, 'RATE_LIMITED'],
    [500, 20500, 'UPSTREAM_UNAVAILABLE'],
    [503, 20503, 'UPSTREAM_UNAVAILABLE'],
    [409, 20409, 'UPSTREAM_UNAVAILABLE'],
    [400, 50391, 'UPSTREAM_UNAVAILABLE'],
    [400, 50419, 'UPSTREAM_UNAVAILABLE'],
    [400, 50449, 'UPSTREAM_UNAVAILABLE'],
    [400, 45209, 'UPSTREAM_UNAVAILABLE'],
    [400, 50377, 'CHAT_ENDED'],
    [400, 45354, 'CHAT_ENDED'],
    [400, 50504, 'TOO_LARGE'],
    [404, 20404, 'NO_CHAT'],
    [400, 45204, 'NO_CHAT'],
    [400, 50200, 'NO_CHAT'],
    [400, 50350, 'NO_CHAT'],
    [409, 50433, 'UPSTREAM_REFUSED'],
    [429, 45207, 'UPSTREAM_REFUSED'],
    [403, 50403, 'UPSTREAM_REFUSED'],
    [400, 20001, 'UPSTREAM_REFUSED'],
  ])('makes of HTTP %d with code %d a %s', (status, code, expected) => {
    expect(errorOf(status, code).code).toBe(expected);
  });

  test.each([
    [401, 'MISCONFIGURED'],
    [403, 'MISCONFIGURED'],
    [404, 'NO_CHAT'],
    [408, 'UPSTREAM_UNAVAILABLE'],
    [410, 'UPSTREAM_REFUSED'],
    [429, 'RATE_LIMITED'],
    [500, 'UPSTREAM_UNAVAILABLE'],
    [504, 'UPSTREAM_UNAVAILABLE'],
  ])('makes of HTTP %d without a code a %s', (status, expected) => {
    expect(errorOf(status).code).toBe(expected);
  });

  test.each([
    ['seconds', '7', 7_000],
    ['a date', 'Mon, 05 Jan 2026 10:00:09 GMT', 9_000],
    ['a date in the past', 'Mon, 05 Jan 2026 09:59:00 GMT', 0],
    ['nonsense', 'soon', undefined],
    ['nothing', null, undefined],
  ])('reads Retry-After given as %s', (_what, header, expected) => {
    expect(errorOf(429, 20429, header).retryAfterMs).toBe(expected);
  });
});

describe('twilioCode', () => {
  test('is the code Twilio gave', () => {
    expect(twilioCode(errorOf(409, 50433))).toBe(50433);
  });

  test.each([
    ['an answer without one', errorOf(500)],
    ['another error', new Error('50433')],
    ['nothing', undefined],
  ])('is absent for %s', (_what, error) => {
    expect(twilioCode(error)).toBeUndefined();
  });
});

describe('isAlreadyThere', () => {
  test('distinguishes the code that is meant from others', () => {
    const exists = errorOf(409, 50433);

    expect(isAlreadyThere(exists, 'participantExists')).toBe(true);
    expect(isAlreadyThere(exists, 'uniqueNameExists')).toBe(false);
    expect(isAlreadyThere(exists, 'uniqueNameExists', 'participantExists')).toBe(true);
  });
});

test.each([45350, 45352, 45356, 45360, 45361, 45363, 45369, 45370, 45371, 45372, 45373, 45374])(
  'Twilio code %d is of its own services, and worth a retry',
  (code) => {
    const error = twilioError('POST', { status: 400, body: { code }, retryAfter: null }, 0);

    expect(error.retryable).toBe(true);
  },
);
