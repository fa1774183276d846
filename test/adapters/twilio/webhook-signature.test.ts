import { readFileSync } from 'node:fs';
import { isSignedByTwilio } from '#adapters/twilio/webhook-signature';

interface Vector {
  readonly id: string;
  readonly contentType: string | null;
  readonly authToken: string;
  readonly validatorUrl: string;
  readonly rawBody: string;
  readonly signature: string;
  readonly expectStrict: boolean;
}

const { vectors } = JSON.parse(
  readFileSync('test/fixtures/twilio-signature-vectors.json', 'utf8'),
) as { vectors: Vector[] };

const requestOf = ({ contentType, authToken, validatorUrl, rawBody, signature }: Vector) => ({
  url: validatorUrl,
  rawBody,
  contentType: contentType ?? undefined,
  signature,
  authTokens: [authToken],
});

const aGenuineRequest = () => {
  const vector = vectors.find(({ id }) => id === 'conv-onMessageAdded');
  if (vector === undefined) throw new Error('no such vector');
  return requestOf(vector);
};

describe('isSignedByTwilio', () => {
  test.each(vectors.map((vector) => [vector.id, vector.expectStrict, vector] as const))(
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

  test('refuses a body whose type leaves it outside the signature', () => {
    const request = aGenuineRequest();

    expect(isSignedByTwilio({ ...request, contentType: 'text/plain' })).toBe(false);
    expect(isSignedByTwilio({ ...request, contentType: undefined })).toBe(false);
  });

  test('reads the content type without regard to case and parameters', () => {
    const contentType = 'Application/X-WWW-Form-Urlencoded ; charset=utf-8';

    expect(isSignedByTwilio({ ...aGenuineRequest(), contentType })).toBe(true);
  });

  test('refuses what it cannot make sense of instead of throwing', () => {
    const garbage = { url: 'no url', rawBody: '%%%=\u0000', contentType: 'application/json' };

    expect(isSignedByTwilio({ ...garbage, signature: 'x', authTokens: ['t'] })).toBe(false);
  });
});
