/**
 * What may be told of a value that somebody put into a configuration: any text may be a secret
 * in the wrong place, so only what can't be one is repeated.
 */

/** Nouns of Twilio's SIDs that are likely to be mixed up. A SID is no secret. */
const SID_NOUNS: Readonly<Record<string, string>> = {
  AC: 'an account SID',
  AD: 'an address SID',
  CH: 'a conversation SID',
  DG: 'an event sink SID',
  FO: 'a Flex Flow SID',
  FW: 'a Studio flow SID',
  GO: 'a Flex instance SID',
  IG: 'a chat address SID',
  IS: 'a chat service SID',
  SK: 'an API key SID',
  TC: 'a task channel SID',
  WK: 'a worker SID',
  WQ: 'a task queue SID',
  WS: 'a workspace SID',
  WW: 'a workflow SID',
};

/** Shorter than any credential. */
const HARMLESS_LENGTH = 8;

/** Words that stand in configurations, right or in the wrong place. */
const WORDS = new Set(['conversations', 'programmable-chat', 'external', 'localhost']);

/** In words or, where it can't be a secret, as it stands there; always one line. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) {
    const count = Object.keys(value).length;
    return count === 0 ? '{}' : `an object with ${count} field(s)`;
  }
  return typeof value === 'string' ? shownText(value) : String(value);
}

/** The name of a field that nobody knows may be a secret, too. */
export function shownName(name: string): string {
  const isName = /^[a-z_$][\w$-]{0,31}$/i.test(name) && !hasRandomRun(name);
  return isName || /^\d{1,6}$/.test(name) ? name : '(a name that may be a secret)';
}

function shownText(text: string): string {
  if (/^[0-9a-f]{32}$/i.test(text)) return 'hidden, for it looks like an auth token';
  const [, prefix = '', rest = ''] = /^([A-Z]{2})([0-9A-Za-z]*)$/.exec(text) ?? [];
  const noun = SID_NOUNS[prefix];
  if (noun !== undefined && /^[0-9a-f]{32}$/.test(rest)) return `"${text}" is ${noun}`;
  if (isHarmless(text)) return `"${text}"`;
  const url = shownUrl(text);
  if (url !== undefined) return `"${url}"`;
  const length = `a text of ${text.length} characters`;
  return noun !== undefined && /^[0-9a-f]+$/.test(rest)
    ? `"${prefix}…", ${length}`
    : `hidden, for it may be a secret: ${length}`;
}

function isHarmless(text: string): boolean {
  if (!/^[ !#-[\]-~]*$/.test(text)) return false;
  const isPlaceholder = /^[A-Z]{2}([xX0])\1*$/.test(text);
  return text.length <= HARMLESS_LENGTH || WORDS.has(text) || isPlaceholder;
}

/**
 * An address without what may give access: one with a user has none to show, and its query and
 * long parts of its path are left out.
 * @returns undefined for what is no address, or may be something else.
 */
export function shownUrl(text: string): string | undefined {
  const [, scheme = '', host = '', path = '', query = ''] =
    /^([a-z][a-z+.-]{0,9}:\/\/)?([\w*.-]+(?::\d{1,5})?)(\/[\w.~/-]*)?([?#].*)?$/i.exec(text) ?? [];
  const isAddress = scheme !== '' || host.includes('.');
  if (!isAddress || host.includes('@') || hasRandomRun(host)) return undefined;
  return `${scheme}${host}${hasRandomRun(path) ? '/…' : path}${query && `${query[0]}…`}`;
}

/** Letters and digits without a break, as keys and tokens have them and words do not. */
const hasRandomRun = (text: string): boolean => /(?=\w*\d)\w{16}|\w{24}/.test(text);
