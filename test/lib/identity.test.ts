import { type Json, propertiesOf, synthesize } from './synthesize.ts';

const ISSUER = { issuer: 'https://login.example.com/', audience: 'shop' };
const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/identity-AbCdEf';

/** The names of the functions that are told who vouches for customers. */
function told(channel: Json): string[] {
  return Object.entries(propertiesOf(channel, 'AWS::Lambda::Function'))
    .filter(([, { Environment }]: Json) => Environment?.Variables.IDENTITY !== undefined)
    .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
}

const policiesNaming = (channel: Json, arn: string): string[] =>
  Object.entries(propertiesOf(channel, 'AWS::IAM::Policy'))
    .filter(([, policy]) => JSON.stringify(policy).includes(arn))
    .map(([id]) => id.split('Role')[0] ?? '');

describe('customers.identity', () => {
  test('tells nobody of an issuer where none is configured', () => {
    expect(told(synthesize().channel)).toEqual([]);
  });

  test('lets the function that opens connections read the shared secret, and no other', () => {
    const { channel } = synthesize({ identity: { ...ISSUER, sharedSecretArn: ARN } });

    expect(told(channel)).toEqual(['CustomerSocket']);
    expect(policiesNaming(channel, ARN)).toEqual(['CustomerSocket']);
  });

  test('grants nothing for public keys', () => {
    const jwksUrl = 'https://login.example.com/jwks.json';
    const policies = (customers: object) =>
      propertiesOf(synthesize(customers).channel, 'AWS::IAM::Policy');

    expect(policies({ identity: { ...ISSUER, jwksUrl } })).toEqual(policies({}));
  });
});
