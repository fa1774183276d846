import type { AwsRequest } from '#local/emulators/aws/aws-service';
import { parseAuthorization, signatureProblem } from '#local/emulators/aws/sigv4';

// From the signature test suite that AWS publishes (get-vanilla).
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const SIGNED_AT_MS = Date.parse('2015-08-30T12:36:00Z');
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
  'SignedHeaders=host;x-amz-date, ' +
  'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';

function aSignedRequest(changes: Partial<AwsRequest> = {}): AwsRequest {
  return {
    method: 'GET',
    path: '/',
    body: Buffer.alloc(0),
    ...changes,
    headers: {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization: AUTHORIZATION,
      ...changes.headers,
    },
  };
}

function problemOf(request: AwsRequest, nowMs = SIGNED_AT_MS, secret = SECRET): string | undefined {
  const authorization = parseAuthorization(request.headers['authorization']);
  if (authorization === undefined) throw new Error('not signed');
  return signatureProblem(request, authorization, secret, nowMs);
}

describe('signatureProblem', () => {
  test('accepts a request as it was signed', () => {
    const request = aSignedRequest();

    expect(problemOf(request)).toBeUndefined();
  });

  test.each([
    ['another method', { method: 'POST' }],
    ['another path', { path: '/other' }],
    ['an added query', { path: '/?a=1' }],
    ['another body', { body: Buffer.from('x') }],
    ['another host', { headers: { host: 'evil.example.com' } }],
  ])('refuses %s', (_, changes) => {
    const request = aSignedRequest(changes);

    expect(problemOf(request)).toMatch('does not match the signature you provided');
  });

  test('refuses a signature made with another key', () => {
    const request = aSignedRequest();

    expect(problemOf(request, SIGNED_AT_MS, 'another')).toMatch('does not match');
  });

  test.each([-301_000, 301_000])('refuses a clock that is %d ms off', (skewMs) => {
    const request = aSignedRequest();

    expect(problemOf(request, SIGNED_AT_MS + skewMs)).toMatch('Signature expired');
  });

  test.each([-299_000, 299_000])('accepts a clock that is %d ms off', (skewMs) => {
    const request = aSignedRequest();

    expect(problemOf(request, SIGNED_AT_MS + skewMs)).toBeUndefined();
  });

  test.each([
    [
      'a declared body hash that is wrong',
      { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      'must be a signed header',
    ],
    [
      'an operation added after signing',
      { 'x-amz-target': 'DynamoDB_20120810.Scan' },
      "'x-amz-target' must be a signed header",
    ],
    ['an unreadable date', { 'x-amz-date': '20150830Tnoon' }, 'Signature expired'],
    [
      'a date of another day than the scope',
      { 'x-amz-date': '20150831T123600Z' },
      'Date in Credential scope does not match',
    ],
    [
      'another region',
      { authorization: AUTHORIZATION.replace('us-east-1', 'eu-west-1') },
      'valid region',
    ],
    [
      'a host that is not signed',
      { authorization: AUTHORIZATION.replace('host;', '') },
      "'host' must be a signed header",
    ],
  ])('refuses %s', (_, headers, problem) => {
    const request = aSignedRequest({ headers });

    expect(problemOf(request)).toMatch(problem);
  });

  test('refuses a declared body hash that differs from the body', () => {
    const authorization = AUTHORIZATION.replace('host;', 'host;x-amz-content-sha256;');
    const request = aSignedRequest({
      headers: { authorization, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    });

    expect(problemOf(request)).toMatch("'x-amz-content-sha256' does not match the body");
  });
});

describe('parseAuthorization', () => {
  test('takes the header apart', () => {
    const authorization = parseAuthorization(AUTHORIZATION);

    expect(authorization).toMatchObject({
      accessKeyId: 'AKIDEXAMPLE',
      date: '20150830',
      region: 'us-east-1',
      service: 'service',
      signedHeaders: ['host', 'x-amz-date'],
    });
  });

  test.each([undefined, '', 'Basic abc', AUTHORIZATION.replace('aws4_request', 'other')])(
    'finds nothing in %j',
    (header) => {
      expect(parseAuthorization(header)).toBeUndefined();
    },
  );
});
