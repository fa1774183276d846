import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formOf } from '#adapters/twilio/webhooks/form';
import { isSignedByTwilio } from '#adapters/twilio/webhooks/signature';

interface Vector {
  readonly id: string;
  readonly contentType: string | null;
  readonly authToken: string;
  readonly validatorUrl: string;
  readonly rawBody: string;
  readonly signature: string;
  readonly expectStrict: boolean;
  readonly expectTwilioNode620: boolean;
}

const { vectors } = JSON.parse(
  readFileSync('test/fixtures/twilio-signature-vectors.json', 'utf8'),
) as { vectors: Vector[] };

const requestOf = ({ contentType, authToken, validatorUrl, rawBody, signature }: Vector) => ({
  url: validatorUrl,
  rawBody,
  form: formOf(contentType ?? undefined, rawBody),
  signature,
  authTokens: [authToken],
});

const aGenuineRequest = () => {
  const vector = vectors.find(({ id }) => id === 'conv-onMessageAdded');
  if (vector === undefined) throw new Error('no such vector');
  return requestOf(vector);
};

describe('isSignedByTwilio', () => {
  // Exactly the registered URL, but for the port that HTTPS has anyway.
  const expectationOf = (vector: Vector) =>
    vector.id === 'port-443-signed' ? vector.expectTwilioNode620 : vector.expectStrict;

  test.each(vectors.map((vector) => [vector.id, expectationOf(vector), vector] as const))(
    'of the request %s says %s',
    (_id, expected, vector) => {
      expect(isSignedByTwilio(requestOf(vector))).toBe(expected);
    },
  );

  test('accepts either token while they are rotated', () => {
    const request = aGenuineRequest();
    const [token = ''] = request.authTokens;

    expect(isSignedByTwilio({ ...request, authTokens: ['other', token] })).toBe(true);
    expect(isSignedByTwilio({ ...request, authTokens: [token, 'other'] })).toBe(true);
    expect(isSignedByTwilio({ ...request, authTokens: ['other', 'another'] })).toBe(false);
  });

  test('refuses everything when no token is configured', () => {
    expect(isSignedByTwilio({ ...aGenuineRequest(), authTokens: [] })).toBe(false);
    expect(isSignedByTwilio({ ...aGenuineRequest(), authTokens: [''] })).toBe(false);
  });

  test.each([
    ['that is absent', undefined],
    ['that is empty', ''],
    ['that is no Base64', 'ÿ='],
    ['of the right length', 'A'.repeat(28)],
    ['that is far too long', 'A'.repeat(10_000)],
  ])('refuses a signature %s', (_what, signature) => {
    expect(isSignedByTwilio({ ...aGenuineRequest(), signature })).toBe(false);
  });

  test.each([
    ['https://x.test/a', 'https://x.test:443/a', true],
    ['https://x.test:443/a', 'https://x.test/a', true],
    ['https://x.test', 'https://x.test:443', true],
    ['https://x.test/a:443', 'https://x.test/a', false],
    ['https://x.test:8443/a', 'https://x.test:443/a', false],
    ['https://x.test:8443/a', 'https://x.test/a', false],
    ['http://x.test/a', 'http://x.test:443/a', false],
    ['https://x.test/a', 'https://x.test:80/a', false],
  ])('registered as %s and signed for %s says %s', (url, signedUrl, expected) => {
    const signature = createHmac('sha1', 'key').update(`${signedUrl}Aa`).digest('base64');
    const request = { url, rawBody: 'A=a', form: { A: 'a' }, signature, authTokens: ['key'] };

    expect(isSignedByTwilio(request)).toBe(expected);
  });

  test('refuses a body that is no form, which the signature does not cover', () => {
    expect(isSignedByTwilio({ ...aGenuineRequest(), form: undefined })).toBe(false);
  });

  test('refuses what it cannot make sense of instead of throwing', () => {
    const garbage = { url: 'no url', rawBody: '%%%=\u0000', form: undefined };

    expect(isSignedByTwilio({ ...garbage, signature: 'x', authTokens: ['t'] })).toBe(false);
  });
});
