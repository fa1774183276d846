/** Which names of agents customers may see: identities of agents are e-mail addresses as a rule. */
import { isBlank } from '#protocol/blank';

const MAX_CHARACTERS = 100;

/** `@` in the spellings that a reader or a browser takes for it. */
const AT = /@|%40|&#0*64;|&#x0*40;|&commat;|[([{]\s*at\s*[)\]}]/i;

/** Flex writes characters that an identity can't hold as `_` and their code. */
const ENCODED = /_(2[0-9a-f]|40)/i;

/** One line of visible characters, not too many; empty where nothing is to be seen. */
export function tidy(name: string): string {
  const line = name
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  const start = [...line].slice(0, MAX_CHARACTERS).join('').trim();
  return isBlank(start) ? '' : start;
}

/** @param name tidied. */
export function isShowable(name: string, identity: string): boolean {
  // Full-width and small forms become the plain ones.
  const folded = name.normalize('NFKC');
  const isIdentity = plain(folded).toLowerCase() === plain(identity).toLowerCase();
  return folded !== '' && !AT.test(folded) && !ENCODED.test(folded) && !isIdentity;
}

/** An identity as it was before Flex encoded it: `.` is `_2E`. */
export function plain(identity: string): string {
  const bytes = identity.replace(/%/g, '%25').replace(/_([0-9a-f]{2})/gi, '%$1');
  try {
    return decodeURIComponent(bytes);
  } catch {
    return identity;
  }
}
