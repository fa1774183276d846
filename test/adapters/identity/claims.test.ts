import { profileOf } from '#adapters/identity/claims';

const NAMES = { name: 'name', email: 'email', language: 'locale' };

describe('the profile of an identity', () => {
  test('comes from the claims that are configured', () => {
    const claims = {
      given: 'Ada',
      mail: 'ada@example.com',
      locale: 'en-GB',
      'https://shop.example.com/tier': 'gold',
      orders: 7,
      isStaff: false,
      secret: 'x',
    };
    const fields = { tier: 'https://shop.example.com/tier', orders: 'orders', staff: 'isStaff' };

    expect(profileOf(claims, { name: 'given', email: 'mail', language: 'locale', fields })).toEqual(
      {
        name: 'Ada',
        email: 'ada@example.com',
        language: 'en-GB',
        fields: { tier: 'gold', orders: '7', staff: 'false' },
      },
    );
  });

  test('leaves out what is absent, blank, no text or too long, and keeps the rest', () => {
    const claims = {
      name: 'n'.repeat(257),
      email: ' ',
      locale: ['en'],
      big: 'x'.repeat(5_000),
      a: 'b',
    };

    const fields = { big: 'big', none: 'toString', a: 'a' };

    expect(profileOf(claims, { ...NAMES, fields })).toEqual({ fields: { a: 'b' } });
  });

  test.each([
    [false, {}],
    [true, { email: 'ada@example.com' }],
    [undefined, { email: 'ada@example.com' }],
  ])('has the e-mail address if it is verified: %s', (verified, profile) => {
    const claims = { email: 'ada@example.com', email_verified: verified };

    expect(profileOf(claims, NAMES)).toEqual(profile);
  });
});
