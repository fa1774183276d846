import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signWebhook } from '#local/emulators/twilio/webhooks/signature';

interface Vector {
  readonly id: string;
  readonly authToken: string;
  readonly signedUrl: string;
  readonly contentType: string;
  readonly params: Readonly<Record<string, string | readonly string[]>>;
  readonly signature: string;
  readonly expectStrict: boolean;
}

const file = join(__dirname, '../../../../fixtures/twilio-signature-vectors.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

/** Forms with each name once: all that the simulator sends. */
const forms = vectors.filter(
  ({ contentType, params, expectStrict }) =>
    expectStrict &&
    contentType?.startsWith('application/x-www-form-urlencoded') &&
    Object.values(params).every((value) => typeof value === 'string'),
);

describe('signWebhook', () => {
  test.each(forms.map((vector) => [vector.id, vector] as const))('signs %s', (_, vector) => {
    const { authToken, signedUrl, params, signature } = vector;

    expect(signWebhook(authToken, signedUrl, params as Record<string, string>)).toBe(signature);
  });

  test('is held against more than a handful of vectors', () => {
    expect(forms.length).toBeGreaterThan(10);
  });

  test('depends on token, URL and each value', () => {
    const signatures = [
      signWebhook('token', 'https://example.com/a', { Body: 'x' }),
      signWebhook('other', 'https://example.com/a', { Body: 'x' }),
      signWebhook('token', 'https://example.com/b', { Body: 'x' }),
      signWebhook('token', 'https://example.com/a', { Body: 'y' }),
    ];

    expect(new Set(signatures).size).toBe(4);
  });
});
