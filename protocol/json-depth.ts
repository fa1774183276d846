/**
 * How deep lists and objects may stand in one another in JSON from outside. Nothing of this
 * protocol or of Twilio comes near it; what goes through a value by recursion, like
 * `JSON.stringify`, runs out of stack at some thousand levels.
 */
export const MAX_JSON_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a character outside texts adds to the depth: `[` and `{` open, `]` and `}` close. */
const STEP: Readonly<Partial<Record<number, number>>> = { 91: 1, 123: 1, 93: -1, 125: -1 };

/** By one look at each character, before the text is parsed. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) at = endOfText(json, at);
    depth += STEP[character] ?? 0;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}

function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) {
    at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at;
}
