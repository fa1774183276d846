import { errors, jwtVerify, SignJWT } from 'jose';
import { type SessionId, sessionId } from '#core/ids';
import type { SessionTokens } from '#core/ports';
import { MAX_TOKEN_BYTES } from '#protocol/limits';

const ALGORITHM = 'HS256';

/** This product issues the token and takes it back; the audience names the kind of token. */
const ISSUER = 'flex-channel';
const AUDIENCE = 'flex-channel/session';

/** Session tokens as JSON Web Tokens, signed with HMAC-SHA-256. Times are cut to whole seconds. */
export class JwtSessionTokens implements SessionTokens {
  readonly #readKey: () => Promise<string>;

  /** @param readKey the signing key as text; its UTF-8 bytes are the key. */
  constructor(readKey: () => Promise<string>) {
    this.#readKey = readKey;
  }

  async ready(): Promise<void> {
    await this.#key();
  }

  async issue(id: SessionId, nowMs: number, expiresAtMs: number): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(id)
      .setIssuedAt(toSeconds(nowMs))
      .setExpirationTime(toSeconds(expiresAtMs))
      .sign(await this.#key());
  }

  /** @throws ChatError when the key can't be read, and the token may be good. */
  async verify(token: string, nowMs: number): Promise<SessionId | undefined> {
    if (token.length > MAX_TOKEN_BYTES) return undefined;
    const key = await this.#key();
    try {
      const { payload } = await jwtVerify(token, key, {
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

  async #key(): Promise<Uint8Array> {
    return new TextEncoder().encode(await this.#readKey());
  }
}

const toSeconds = (ms: number): number => Math.floor(ms / 1000);
