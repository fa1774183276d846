/**
 * Control characters, line and paragraph separators, and what turns the direction of writing or
 * is not seen: in a name from elsewhere they would steer a terminal, or feign another line. The
 * two joiners that some scripts and emoji need stay.
 */
const UNPRINTABLE = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** One line, in which what could steer a terminal is shown as JSON would escape it. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escaped);

/** JSON on several lines that says the same and can't steer a terminal either. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).split('\n').map(printable).join('\n');

/**
 * Without users and queries of addresses: both may give access, as in webhooks of other systems.
 * Fit for JSON, too: nothing is cut inside of an escape or beyond the end of a text.
 */
export const withoutAccess = (text: string): string =>
  text
    .replace(/(\w:\/\/)[^\s"\\/?#]*@/g, '$1…@')
    .replace(/(\w:\/\/[^\s"\\?#]*\?)[^\s"\\]+/g, '$1…');

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) =>
    character.charCodeAt(at).toString(16).padStart(4, '0'),
  );
  return SHORT[character] ?? units.map((unit) => `\\u${unit}`).join('');
}
