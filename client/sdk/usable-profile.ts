import type { Profile } from '#protocol/frames';
import { MAX_PROFILE_BYTES, utf8Bytes } from '#protocol/limits';
import { jsonCopy } from './json-copy.ts';

/**
 * @returns undefined for one that the server is sure to refuse, or that would make the frame
 * too large to be refused: the gateway closes the connection instead.
 */
export function usableProfile(profile: Profile): Profile | undefined {
  const copy = jsonCopy(profile);
  const fits = copy && utf8Bytes(JSON.stringify(copy)) <= MAX_PROFILE_BYTES;
  return fits ? copy : undefined;
}
