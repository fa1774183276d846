import { errors, jwtVerify, SignJWT } from 'jose';
import { type SessionId, sessionId } from '#core/ids';
import type { SessionTokens } from '#core/ports';
import { MAX_TOKEN_BYTES } from '#protocol/limits';
import { parseSessionKeys, signingKey, verifyingKey } from './session-keys.ts';

const ALGORITHM = 'HS256';

/** This product issues the token and takes it back; the audience names the kind of token. */
const ISSUER = 'flex-channel';
const AUDIENCE = 'flex-channel/session';

/** Where the keys come from: a secret, as `session-keys.ts` reads it. */
export interface SessionKeySource {
  readonly read: () => Promise<string>;
  /** Reads it anew, because a token names a key that is not known yet. */
  readonly refresh: () => Promise<string>;
}

/**
 * Session tokens as JSON Web Tokens, signed with HMAC-SHA-256; the header names the key. Times are
 * cut to whole seconds.
 */
export class JwtSessionTokens implements SessionTokens {
  readonly #source: SessionKeySource;

  constructor(source: SessionKeySource) {
    this.#source = source;
  }

  async ready(): Promise<void> {
    await this.#source.read();
  }

  async issue(id: SessionId, nowMs: number, expiresAtMs: number): Promise<string> {
    const { kid, key } = signingKey(parseSessionKeys(await this.#source.read()), nowMs);
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...(kid !== undefined && { kid }) })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(id)
      .setIssuedAt(toSeconds(nowMs))
      .setExpirationTime(toSeconds(expiresAtMs))
      .sign(bytesOf(key));
  }

  /** @throws ChatError when the keys can't be read, and the token may be good. */
  async verify(token: string, nowMs: number): Promise<SessionId | undefined> {
    if (token.length > MAX_TOKEN_BYTES) return undefined;
    // First of all: what is said of a token without the keys would be a guess.
    const text = await this.#source.read();
    try {
      const keyOf = ({ kid }: { readonly kid?: string }) => this.#keyOf(text, kid, nowMs);
      const { payload } = await jwtVerify(token, keyOf, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'exp'],
        currentDate: new Date(nowMs),
      });
      return payload.sub ? sessionId(payload.sub) : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** @throws JOSEError for a token that none of the keys has signed. */
  async #keyOf(text: string, kid: string | undefined, nowMs: number): Promise<Uint8Array> {
    const known = verifyingKey(parseSessionKeys(text), kid, nowMs);
    if (known !== undefined) return bytesOf(known.key);
    // Another copy may have read the secret since this one did.
    const fresh = verifyingKey(parseSessionKeys(await this.#source.refresh()), kid, nowMs);
    if (fresh === undefined) throw new errors.JWSSignatureVerificationFailed();
    return bytesOf(fresh.key);
  }
}

const bytesOf = (key: string): Uint8Array => new TextEncoder().encode(key);

const toSeconds = (ms: number): number => Math.floor(ms / 1000);
