/** The attempted client message ids of a session, within the size of its item. */
import type { ClientMessageId } from '#core/ids';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * Shortens a client message id of up to 64 characters to at most 13: 64-bit FNV-1a, base 36.
 * Two ids may share one; the price of a false match is a look into Flex's transcript.
 */
export function fingerprint(id: ClientMessageId): string {
  let hash = FNV_OFFSET;
  for (const character of id) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * FNV_PRIME);
  }
  return hash.toString(36);
}

/** A new session's list. It always has this length; empty texts stand for ids not sent yet. */
export const NO_ATTEMPTS: readonly string[] = Array(REMEMBERED_MESSAGE_IDS).fill('');

/**
 * Adds `:attempt` and drops the oldest in one update. Setting a list element beyond the end
 * appends it, and removing one moves the rest up: whichever DynamoDB does first, the same
 * elements remain. The two paths name different elements, so they do not overlap. The update
 * is tested on dynalite, not on AWS.
 * Source: DynamoDB developer guide, "Update expressions".
 */
export const ADD_ATTEMPT = {
  set: `attempts[${REMEMBERED_MESSAGE_IDS}] = :attempt`,
  remove: 'attempts[0]',
};
