/** The attempted client message ids of a session, within the size of its item. */
import { createHash } from 'node:crypto';
import type { ClientMessageId, SessionId } from '#core/ids';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';

const LENGTH = 12;

/**
 * Shortens a client message id of up to 64 characters to 12 of base64: 72 bits of SHA-256, together
 * with its session. Clients choose their ids: of a weaker fingerprint they could find two ids that
 * give the same one, and a message that counts as repeated is not held to the pace.
 */
export function fingerprint(session: SessionId, id: ClientMessageId): string {
  return createHash('sha256').update(`${session} ${id}`).digest('base64url').slice(0, LENGTH);
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

const FORMER_LENGTH = 7;

/**
 * The fingerprint of earlier versions: the end of the 64-bit FNV-1a in base 36. Their sessions still
 * hold some; nothing adds another.
 */
export function formerFingerprint(id: ClientMessageId): string {
  let hash = FNV_OFFSET;
  for (const character of id) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * FNV_PRIME);
  }
  return hash.toString(36).slice(-FORMER_LENGTH);
}

/**
 * A new session's lists. They always have this length; empty texts stand for messages that were not
 * sent yet.
 */
export const NO_ATTEMPTS: readonly string[] = Array(REMEMBERED_MESSAGE_IDS).fill('');
export const NO_TIMES: readonly number[] = Array(REMEMBERED_MESSAGE_IDS).fill(0);

/**
 * Adds `:attempt` and its time, and removes another attempt, in one update. DynamoDB appends an
 * element that is set beyond the end, and moves the rest up when one is removed: whichever it does
 * first, the same elements remain. The two paths name different elements, so they do not overlap.
 * The update is tested on dynalite, not on AWS.
 * Source: DynamoDB developer guide, "Update expressions".
 *
 * @param dropped position of the attempt to remove; the oldest is at 0.
 */
export function addAttempt(dropped: number): { readonly set: string; readonly remove: string } {
  return {
    set: `attempts[${REMEMBERED_MESSAGE_IDS}] = :attempt, times[${REMEMBERED_MESSAGE_IDS}] = :acceptedAt`,
    remove: `attempts[${dropped}], times[${dropped}]`,
  };
}

/** The oldest of the remembered messages was accepted before `:burst` began. */
export const NOT_TOO_FAST = 'times[0] <= :burst';
