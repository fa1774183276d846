import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import * as v from 'valibot';
import { createFreshFetch } from '#adapters/http/fresh-fetch';
import { ChatError } from '#core/errors';

/** A key that its issuer has taken back is refused after this time at the latest. */
const MAX_AGE_MS = 5 * 60_000;

/** While the issuer can't be asked the keys that it gave last are used for so long. */
const MAX_STALE_MS = 60 * 60_000;

/** Between two fetches, whatever their outcome: anybody may name keys that nobody has. */
const MIN_INTERVAL_MS = 60_000;

/** The same while no keys are known at all, and nobody can sign in. */
const NEVER_READ_INTERVAL_MS = 5_000;

/** A handshake waits for it. */
const TIMEOUT_MS = 2_000;

const MAX_BYTES = 65_536;

/** Issuers have two or three. */
const MAX_KEYS = 50;

const KeysSchema = v.object({
  keys: v.pipe(v.array(v.looseObject({ kty: v.string() })), v.maxLength(MAX_KEYS)),
});

interface Known {
  readonly find: JWTVerifyGetKey;
  readonly atMs: number;
}

/** The public keys of an issuer, from its address, kept in memory. */
export class JsonWebKeys {
  readonly kind = 'publicKeys';
  readonly #url: string;
  readonly #fetch: typeof globalThis.fetch;
  #known: Known | undefined;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #pending: Promise<void> | undefined;

  constructor(url: string, fetch = createFreshFetch(Date.now, MAX_BYTES)) {
    this.#url = url;
    this.#fetch = fetch;
  }

  /**
   * @returns finds the key of a token among keys that are 5 minutes old at most, or 1 hour if the issuer
   * can't be asked.
   * @throws ChatError `UPSTREAM_UNAVAILABLE` when there are none.
   */
  async current(nowMs: number): Promise<JWTVerifyGetKey> {
    const age = this.#known === undefined ? MAX_AGE_MS : nowMs - this.#known.atMs;
    if (age >= MAX_AGE_MS) await this.#ask(nowMs);
    return this.#usable(nowMs);
  }

  /**
   * Asks the issuer again, as a token names a key that is not known. Within a minute of the last time it
   * answers what is known.
   * @throws ChatError as `current`.
   */
  async refreshed(nowMs: number): Promise<JWTVerifyGetKey> {
    await this.#ask(nowMs);
    return this.#usable(nowMs);
  }

  #usable(nowMs: number): JWTVerifyGetKey {
    if (this.#known !== undefined && nowMs - this.#known.atMs < MAX_STALE_MS) {
      return this.#known.find;
    }
    throw new ChatError('UPSTREAM_UNAVAILABLE', `no keys of the issuer: ${this.#url}`);
  }

  /** Tokens that come at the same time share one fetch. */
  async #ask(nowMs: number): Promise<void> {
    if (this.#pending !== undefined) return this.#pending;
    const pause = this.#known === undefined ? NEVER_READ_INTERVAL_MS : MIN_INTERVAL_MS;
    if (nowMs - this.#askedAtMs < pause) return;
    this.#askedAtMs = nowMs;
    this.#pending = this.#load(nowMs).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  /** What can't be read leaves the known keys as they are. */
  async #load(nowMs: number): Promise<void> {
    try {
      const answer = await this.#fetch(this.#url, {
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!answer.ok) return;
      const { keys } = v.parse(KeysSchema, await answer.json());
      this.#known = { find: createLocalJWKSet({ keys }), atMs: nowMs };
    } catch {
      // The caller says that there are no keys, once those that are known are too old.
    }
  }
}
