/** What verifies identities where an issuer is configured; nothing elsewhere. */
import type { SecretReader } from '#adapters/aws/secret-reader';
import { JsonWebKeys } from '#adapters/identity/json-web-keys';
import {
  type IdentityKeys,
  JwtCustomerIdentities,
} from '#adapters/identity/jwt-customer-identities';
import type { CustomerIdentities } from '#core/ports';
import { ENV } from '../contract/environment.ts';
import type { IdentityPolicy } from '../contract/identity-policy.ts';
import { readEnv } from '../contract/read-env.ts';

/** For what lets customers in. */
export function createIdentities(
  source: NodeJS.ProcessEnv,
  secrets: SecretReader,
): { readonly identities?: CustomerIdentities } {
  if (!source[ENV.identity.name]) return {};
  const { identity } = readEnv(source, 'identity');
  return { identities: new JwtCustomerIdentities(identity, keysOf(identity, secrets)) };
}

function keysOf(
  { jwksUrl, sharedSecretArn = '' }: IdentityPolicy,
  secrets: SecretReader,
): IdentityKeys {
  return jwksUrl === undefined
    ? {
        kind: 'sharedSecret',
        read: () => secrets.read(sharedSecretArn),
        refresh: () => secrets.refresh(sharedSecretArn),
      }
    : new JsonWebKeys(jwksUrl);
}
