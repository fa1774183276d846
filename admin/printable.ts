/**
 * Characters with which a name from elsewhere could steer the terminal or feign another line:
 * control characters, separators of lines and paragraphs, invisible ones, and those that turn the
 * direction of writing. The two joiners that some scripts and emoji need are left out.
 */
const UNPRINTABLE = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Makes one line of a text, and writes what could steer a terminal as JSON would escape it. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escaped);

/** Writes a value as JSON on several lines that can't steer a terminal either. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).split('\n').map(printable).join('\n');

/**
 * Takes user names and queries out of addresses, since both may give access to another system.
 * JSON stays JSON: no escape is cut in two, and no text loses its end.
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
