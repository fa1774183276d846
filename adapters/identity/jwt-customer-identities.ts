import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { ChatError } from '#core/errors';
import { type Identity, validUntil } from '#core/identity';
import type { CustomerIdentities } from '#core/ports';
import { MAX_IDENTITY_BYTES, utf8Bytes } from '#protocol/limits';
import { type ClaimNames, profileOf } from './claims.ts';

/**
 * What a kind of key may sign with. A token names its algorithm itself, so the two lists have nothing
 * in common: else a public key could pass for a shared secret. `none` is in neither.
 */
const PUBLIC_KEY_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const SHARED_SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'];

/** Clocks of issuers and of Lambda differ. */
const CLOCK_SKEW_SECONDS = 60;

/** OpenID Connect allows 255 characters. */
const MAX_SUBJECT_BYTES = 256;

/** RFC 7518, 3.2: a key is as long as the hash at least. */
const MIN_SECRET_BYTES = 32;

/** Keys of one kind. `publicKeys` also asks again when a token names a key that is not known. */
export type IdentityKeys =
  | {
      readonly kind: 'publicKeys';
      current(nowMs: number): Promise<JWTVerifyGetKey>;
      refreshed(nowMs: number): Promise<JWTVerifyGetKey>;
    }
  | { readonly kind: 'sharedSecret'; read(): Promise<string>; refresh(): Promise<string> };

export interface IdentityIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly claims: ClaimNames;
}

/** Identities as JSON Web Tokens of one issuer. */
export class JwtCustomerIdentities implements CustomerIdentities {
  readonly #from: IdentityIssuer;
  readonly #keys: IdentityKeys;

  constructor(from: IdentityIssuer, keys: IdentityKeys) {
    this.#from = from;
    this.#keys = keys;
  }

  async verify(token: string, nowMs: number): Promise<Identity> {
    if (token.length > MAX_IDENTITY_BYTES) throw refused('too long');
    const payload = await this.#payload(token, nowMs);
    const { sub: subject = '', exp = 0 } = payload;
    if (typeof subject !== 'string' || subject.trim() === '') throw refused('no subject');
    if (utf8Bytes(subject) > MAX_SUBJECT_BYTES) throw refused('the subject is too long');
    return {
      issuer: this.#from.issuer,
      subject,
      profile: profileOf(payload, this.#from.claims),
      validUntilMs: validUntil((exp + CLOCK_SKEW_SECONDS) * 1000, nowMs),
    };
  }

  async #payload(token: string, nowMs: number): Promise<JWTPayload> {
    try {
      return this.#keys.kind === 'publicKeys'
        ? await this.#byPublicKey(this.#keys, token, nowMs)
        : await this.#bySharedSecret(this.#keys, token, nowMs);
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new ChatError('IDENTITY_EXPIRED', 'the identity has expired');
      }
      // jose's texts name the claim that is wrong, and never repeat a value.
      if (error instanceof errors.JOSEError) throw refused(`${error.code}: ${error.message}`);
      throw error;
    }
  }

  async #byPublicKey(
    keys: Extract<IdentityKeys, { kind: 'publicKeys' }>,
    token: string,
    nowMs: number,
  ): Promise<JWTPayload> {
    const find: JWTVerifyGetKey = async (header, jws) => {
      const current = await keys.current(nowMs);
      try {
        return await current(header, jws);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        return (await keys.refreshed(nowMs))(header, jws);
      }
    };
    const { payload } = await jwtVerify(token, find, this.#demands(PUBLIC_KEY_ALGORITHMS, nowMs));
    return payload;
  }

  /** A secret that was rotated is read anew when a signature does not fit. */
  async #bySharedSecret(
    keys: Extract<IdentityKeys, { kind: 'sharedSecret' }>,
    token: string,
    nowMs: number,
  ): Promise<JWTPayload> {
    const demands = this.#demands(SHARED_SECRET_ALGORITHMS, nowMs);
    try {
      return (await jwtVerify(token, keyFrom(await keys.read()), demands)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      return (await jwtVerify(token, keyFrom(await keys.refresh()), demands)).payload;
    }
  }

  #demands(algorithms: string[], nowMs: number) {
    const { issuer, audience } = this.#from;
    return {
      algorithms,
      issuer,
      audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(nowMs),
    };
  }
}

function keyFrom(secret: string): Uint8Array {
  const key = new TextEncoder().encode(secret);
  if (key.length >= MIN_SECRET_BYTES) return key;
  throw new ChatError(
    'MISCONFIGURED',
    `the shared secret of identities has under ${MIN_SECRET_BYTES} bytes`,
  );
}

const refused = (why: string): ChatError =>
  new ChatError('IDENTITY_REFUSED', `the identity is not accepted: ${why}`);
