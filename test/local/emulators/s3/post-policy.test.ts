import { S3UploadOffers } from '#adapters/aws/files/s3-upload-offers';
import { clientMessageId, sessionId } from '#core/ids';
import { createCaller } from '#local/emulators/aws/callers';
import { verifyPost } from '#local/emulators/s3/post-policy';

const NOW_MS = Date.parse('2026-11-28T18:00:00.000Z');
const BUCKET = 'uploads';
const caller = createCaller('customer-socket', []);

function anOffer(sessionToken?: string) {
  const { accessKeyId, secretAccessKey } = caller;
  const credentials = { accessKeyId, secretAccessKey, sessionToken, region: 'us-east-1' };
  const offers = new S3UploadOffers('https://uploads.example', BUCKET, () => credentials);
  const file = {
    sessionId: sessionId('s1'),
    id: clientMessageId('f1'),
    filename: 'Grüße.png',
    contentType: 'image/png' as const,
    size: 12,
    chat: 3,
  };
  return offers.offer(file, NOW_MS);
}

function verify(
  changed: Readonly<Record<string, string | undefined>> = {},
  { fileBytes = 12, nowMs = NOW_MS, bucket = BUCKET } = {},
) {
  const fields = Object.entries({ ...anOffer().fields, ...changed }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), value] as const],
  );
  return verifyPost({ fields: new Map(fields), fileBytes }, bucket, [caller], nowMs);
}

const code = (name: string) => expect.objectContaining({ code: name });

describe('a signed form', () => {
  test('is good as it was signed', () => {
    expect(verify()).toBe(caller);
  });

  test('may hold what a form is told to ignore', () => {
    expect(verify({ 'x-ignore-me': 'yes' })).toBe(caller);
  });

  test('carries the session token of the function, and the policy names it', () => {
    const { fields } = anOffer('token-1');

    const { conditions } = JSON.parse(Buffer.from(fields['policy'] ?? '', 'base64').toString());
    expect(fields['x-amz-security-token']).toBe('token-1');
    expect(conditions).toContainEqual({ 'x-amz-security-token': 'token-1' });
  });

  test('ends after five minutes', () => {
    expect(verify({}, { nowMs: NOW_MS + 299_000 })).toBe(caller);
    expect(() => verify({}, { nowMs: NOW_MS + 300_000 })).toThrow(code('AccessDenied'));
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['another key', { key: 'quarantine/s2/f1/1' }, 'AccessDenied'],
    ['no key', { key: undefined }, 'AccessDenied'],
    ['another type', { 'Content-Type': 'text/html' }, 'AccessDenied'],
    ['another chat', { 'x-amz-meta-chat': '4' }, 'AccessDenied'],
    ['a field more', { 'x-amz-meta-role': 'agent' }, 'AccessDenied'],
    ['no policy', { policy: undefined }, 'InvalidArgument'],
    ['another policy', { policy: 'e30=' }, 'SignatureDoesNotMatch'],
    ['another signature', { 'x-amz-signature': '0'.repeat(64) }, 'SignatureDoesNotMatch'],
    ['no signature', { 'x-amz-signature': undefined }, 'InvalidArgument'],
    ['another algorithm', { 'x-amz-algorithm': 'AWS4' }, 'InvalidRequest'],
    [
      "a date that is not the credential's",
      { 'x-amz-date': '20200101T000000Z' },
      'AuthorizationQueryParametersError',
    ],
    [
      'an unknown key',
      { 'x-amz-credential': 'AKIA1/20261128/us-east-1/s3/aws4_request' },
      'InvalidAccessKeyId',
    ],
    [
      'the scope of another service',
      { 'x-amz-credential': `${caller.accessKeyId}/20261128/us-east-1/sqs/aws4_request` },
      'AuthorizationQueryParametersError',
    ],
  ])('with %s is refused', (_, changed, expected) => {
    expect(() => verify(changed)).toThrow(code(expected));
  });

  test.each([
    [11, 'EntityTooSmall'],
    [13, 'EntityTooLarge'],
  ])('takes no file of %i bytes instead of 12', (fileBytes, expected) => {
    expect(() => verify({}, { fileBytes })).toThrow(code(expected));
  });

  test('is good for its own bucket only', () => {
    expect(() => verify({}, { bucket: 'another' })).toThrow(code('AccessDenied'));
  });
});
