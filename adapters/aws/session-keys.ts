/** The keys that sign session tokens, as their secret holds them. */
import * as v from 'valibot';
import { ChatError } from '#core/errors';

/** More have been added within a day than anybody needs. */
export const MAX_SESSION_KEYS = 10;

const KeySchema = v.object({
  /** Stands in the header of each token that the key signs. A stage's first key has none. */
  kid: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  key: v.pipe(v.string(), v.nonEmpty()),
  /** From when on it signs. */
  fromMs: v.number(),
  /** Until when its tokens are good, whatever they say themselves. Absent: until it is replaced. */
  untilMs: v.exactOptional(v.number()),
});

const SecretSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ keys: v.pipe(v.array(KeySchema), v.minLength(1), v.maxLength(MAX_SESSION_KEYS)) }),
);

/** Meant as such a list, whatever is in it. */
const ListSchema = v.pipe(v.string(), v.parseJson(), v.object({ keys: v.unknown() }));

export type SessionKey = v.InferOutput<typeof KeySchema>;

/**
 * Anything but a list of keys is a key itself: the stack makes 64 letters and digits.
 * @throws ChatError `MISCONFIGURED` for a list that can't be read: as a key it would end all sessions,
 * and nobody would know why.
 */
export function parseSessionKeys(text: string): readonly SessionKey[] {
  const parsed = v.safeParse(SecretSchema, text);
  if (parsed.success) return parsed.output.keys;
  if (!v.is(ListSchema, text)) return [{ key: text, fromMs: 0 }];
  throw new ChatError('MISCONFIGURED', 'the session keys are no list of 1 to 10 keys');
}

export function formatSessionKeys(keys: readonly SessionKey[]): string {
  return JSON.stringify({ keys });
}

/** The key that signs now: the one that has begun last. */
export function signingKey(keys: readonly SessionKey[], nowMs: number): SessionKey {
  const byStart = keys.toSorted((one, other) => one.fromMs - other.fromMs);
  const begun = byStart.findLast(({ fromMs }) => fromMs <= nowMs);
  // A list is never empty. One whose first key is still to begin was written by a clock that is ahead.
  return begun ?? (byStart[0] as SessionKey);
}

/**
 * The key that has signed a token, if its tokens are still good. It may be one that is to begin:
 * another copy's clock may be ahead.
 */
export function verifyingKey(
  keys: readonly SessionKey[],
  kid: string | undefined,
  nowMs: number,
): SessionKey | undefined {
  return keys.find((one) => one.kid === kid && nowMs < (one.untilMs ?? Number.POSITIVE_INFINITY));
}

/**
 * Adds a key that takes over from the others.
 * @param untilMs until when tokens of the others are good; those that are not good any more are
 *   left out.
 */
export function withNextKey(
  keys: readonly SessionKey[],
  next: SessionKey,
  { nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number },
): readonly SessionKey[] {
  const others = keys
    .map((one) => ({ ...one, untilMs: Math.min(untilMs, one.untilMs ?? untilMs) }))
    .filter((one) => one.untilMs > nowMs);
  return [...others, next];
}
