/** Whom a token of Flex's user interface belongs to. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { ChatError } from '#core/errors';
import type { FlexUsers } from '#core/ports';
import { RateLimiter } from '#core/rate-limiter';
import { IAM_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import { ExpiringCache } from './expiring-cache.ts';

/** An agent who is signed out is believed for so long at most. */
const BELIEVED_MS = 2 * 60_000;
const DISBELIEVED_MS = 60_000;
const MAX_CACHED = 1_000;

/** The plugin waits for no answer. */
const TIMEOUT_MS = 2_500;

/** Anybody may send tokens. Those that are cached cost nothing. */
const ASKED = { perMinute: 240, burst: 60 };

/** How a date is written there is not documented. */
const ExpirationSchema = v.fallback(
  v.optional(
    v.pipe(
      v.union([v.string(), v.number()]),
      v.transform((at) => (typeof at === 'number' ? at * 1_000 : Date.parse(at))),
      v.safeInteger(),
    ),
  ),
  undefined,
);

/** Anything else than `valid: true` with an identity is a no. */
const AnswerSchema = v.fallback(
  v.optional(
    v.object({
      valid: v.literal(true),
      identity: v.pipe(v.string(), v.nonEmpty()),
      expiration: ExpirationSchema,
    }),
  ),
  undefined,
);

/**
 * Asks Twilio under the own account, which does not know tokens of another one. Remembers the
 * answer by the token's hash, for minutes.
 * Source: npm `twilio-flex-token-validator` 1.6.0.
 */
export function createFlexUsers(
  rest: TwilioRest,
  { accountSid }: { readonly accountSid: string },
  now: () => number = Date.now,
): FlexUsers {
  const known = new ExpiringCache<string>(MAX_CACHED, now);
  // Apart, so that no flood of bad tokens pushes good ones out.
  const unknown = new ExpiringCache<true>(MAX_CACHED, now);
  const asked = new RateLimiter(ASKED);
  return {
    async identify(token) {
      const hash = createHash('sha256').update(token).digest('base64');
      const cached = known.get(hash);
      if (cached !== undefined) return cached;
      if (unknown.get(hash)) throw refused();
      if (asked.admit('all', now()) !== 'admitted') {
        throw new ChatError('TOO_FAST', 'too many unknown tokens of Flex');
      }
      const user = await validate(rest, accountSid, token);
      if (user === undefined) {
        unknown.set(hash, true, DISBELIEVED_MS);
        throw refused();
      }
      const leftMs = (user.expiration ?? Number.POSITIVE_INFINITY) - now();
      if (leftMs <= 0) throw refused();
      known.set(hash, user.identity, Math.min(leftMs, BELIEVED_MS));
      return user.identity;
    },
  };
}

/** Which status a bad token gets is not documented: what Twilio refuses is no user. */
async function validate(rest: TwilioRest, accountSid: string, token: string) {
  try {
    return await rest({
      method: 'POST',
      host: IAM_HOST,
      path: path`/v1/Accounts/${accountSid}/Tokens/validate`,
      upload: {
        contentType: 'application/json',
        bytes: new TextEncoder().encode(JSON.stringify({ token })),
      },
      answer: AnswerSchema,
      timeoutMs: TIMEOUT_MS,
    });
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.code === 'UPSTREAM_UNAVAILABLE' || error.code === 'RATE_LIMITED') throw error;
    return undefined;
  }
}

const refused = () => new ChatError('FORBIDDEN', 'the token of Flex is not valid');
