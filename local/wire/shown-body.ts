/** Bodies as they may be shown: readable, bounded, without what opens anything. */

const MAX_CHARACTERS = 8_000;
const MAX_DEPTH = 32;
const SECRET_NAMES = /token|secret|password|authorization|signature|apikey/i;
/** A token of our own, wherever it stands. */
const JWT = /\beyJ[\w-]{4,}\.[\w-]+\.[\w-]+/g;
const KEY_SID = /\bSK[0-9a-f]{32}\b/g;

/** @param body a text, which may hold JSON, or what becomes JSON. */
export function shownBody(body: unknown): string {
  if (body === undefined || body === '') return '';
  const value = typeof body === 'string' ? parsed(body) : body;
  const text = typeof value === 'string' ? value : JSON.stringify(value, maskNamed, 2);
  const masked = (text ?? '').replace(JWT, mask).replace(KEY_SID, mask);
  return masked.length <= MAX_CHARACTERS
    ? masked
    : `${masked.slice(0, MAX_CHARACTERS)}\n… ${masked.length - MAX_CHARACTERS} characters more`;
}

/** What is too long to be shown whole, or nested for no good reason, is shown as it came. */
function parsed(text: string): unknown {
  if (text.length > 40 * MAX_CHARACTERS || isDeep(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Fields of forms and JSON hold JSON, too. */
function maskNamed(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (SECRET_NAMES.test(name)) return mask(value);
  const inner = /^[[{]/.test(value) ? parsed(value) : value;
  return typeof inner === 'string' ? value : JSON.parse(JSON.stringify(inner, maskNamed));
}

/** Indented, a frame that is all brackets would fill the memory. Brackets in texts are counted, too. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

const mask = (secret: string): string => `${secret.slice(0, 4)}••••`;
