import type { SessionId } from '#core/ids';
import type { Attempt } from '#core/ports';
import { addAttempt, fingerprint, formerFingerprint, NOT_TOO_FAST } from './attempts.ts';
import type { ItemUpdate } from './dynamo-table.ts';

/** Holds for a session that was not revoked. */
export const NOT_REVOKED = 'attribute_not_exists(revoked)';

/** Adds an attempt in place of the oldest. */
export const ADD_ATTEMPT = addAttempt(0);

/**
 * Records an attempt in the open chat, unless it is remembered or comes too fast. An unknown session
 * has no `expiresAt`, so the condition fails for it, too.
 */
export function attemptUpdate(
  id: SessionId,
  attempt: Attempt,
  chat: number | undefined,
  nowMs: number,
): ItemUpdate {
  const named = chat !== undefined;
  const paced = attempt.burstWindowMs > 0;
  return {
    expression: `SET ${ADD_ATTEMPT.set} REMOVE ${ADD_ATTEMPT.remove}`,
    condition: [
      'expiresAt > :now',
      NOT_REVOKED,
      'chat.#state = :open',
      'NOT contains(attempts, :attempt)',
      'NOT contains(attempts, :former)',
      ...(paced ? [NOT_TOO_FAST] : []),
      ...(named ? ['chat.#number = :chat'] : []),
    ].join(' AND '),
    // DynamoDB refuses a request that defines a name or value it does not use.
    names: { '#state': 'state', ...(named && { '#number': 'number' }) },
    values: {
      ':now': nowMs / 1000,
      ':open': 'open',
      ':attempt': fingerprint(id, attempt.id),
      ':former': formerFingerprint(attempt.id),
      ':acceptedAt': attempt.acceptedAtMs,
      ...(paced && { ':burst': attempt.acceptedAtMs - attempt.burstWindowMs }),
      ...(named && { ':chat': chat }),
    },
  };
}
