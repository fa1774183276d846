import { customerOf, type Identity } from '#core/identity';

const IDENTITY: Identity = {
  issuer: 'https://login.example.com/',
  subject: 'user-1',
  profile: { name: 'Ada', fields: { tier: 'gold' } },
  validUntilMs: 1,
};

describe('a customer', () => {
  test('who is anonymous is what they say', () => {
    expect(customerOf({ name: 'Anybody' }, undefined)).toEqual({ name: 'Anybody' });
  });

  test('who is signed in is what the issuer says, and beyond that what they say', () => {
    const own = {
      name: 'The queen',
      language: 'en',
      fields: { tier: 'platinum', topic: 'orders' },
    };

    expect(customerOf(own, IDENTITY)).toEqual({
      name: 'Ada',
      language: 'en',
      fields: { tier: 'gold', topic: 'orders' },
      verified: { issuer: 'https://login.example.com/', subject: 'user-1' },
    });
  });
});
