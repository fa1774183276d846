import { shownBody } from '#local/wire/shown-body';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzXzEifQ.c2lnbmF0dXJl';

describe('a shown body', () => {
  test.each([
    ['JSON', '{"a":1}', '{\n  "a": 1\n}'],
    ['plain text', 'hello', 'hello'],
    ['nothing', undefined, ''],
    ['JSON in a field', { Attributes: '{"a":1}' }, '"Attributes": {\n    "a": 1\n  }'],
  ])('is readable for %s', (_, body, expected) => {
    expect(shownBody(body)).toContain(expected);
  });

  test.each([
    ['a field of that name', { token: 'very-secret-value' }],
    ['a field of JSON in a form', { Configuration: '{"authToken":"very-secret-value"}' }],
    ['a secret deeper down', '{"a":[{"ApiSecret":"very-secret-value"}]}'],
    ['a token of our own in a text', `connect with ${JWT.replace('c2ln', 'very-secret-value')}`],
  ])('masks %s', (_, body) => {
    const text = shownBody(body);

    expect(text).toContain('••••');
    expect(text).not.toContain('secret-value');
  });

  test('masks keys of the API, wherever they stand', () => {
    expect(shownBody(`key SK${'b'.repeat(32)}`)).toBe('key SKbb••••');
  });

  test('is cut when it is long, and tells so', () => {
    const text = shownBody('x'.repeat(20_000));

    expect(text.length).toBeLessThan(8_100);
    expect(text).toContain('12000 characters more');
  });

  test.each(['['.repeat(16_000), `${'{"a":'.repeat(6_000)}1${'}'.repeat(6_000)}`])(
    'takes a frame that is all brackets (%#)',
    (text) => {
      expect(shownBody(text).length).toBeLessThan(8_100);
      expect(shownBody({ Body: text }).length).toBeLessThan(8_100);
    },
  );
});
