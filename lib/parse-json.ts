/**
 * As `JSON.parse`, for files in which a secret may stand by mistake: the parser's own message
 * quotes what is around the place.
 * @throws Error that says what is wrong and on which line, and repeats nothing.
 */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const line = /\(line (\d+) /.exec(message)?.[1] ?? lineOf(text);
    throw new Error(`${problemOf(message)}, line ${line}`);
  }
}

/** Up to what it quotes; a single character of it may stay. */
const problemOf = (message: string): string =>
  message
    .replace(/, (\.\.\.)?".*$/s, '')
    .replace(/ in JSON at position.*$/s, '')
    .replace(/[^ -~]/g, '?');

/** The first line with which the text can't be continued to JSON any more; the last one if it just ends early. */
function lineOf(text: string): number {
  const lines = text.split('\n');
  let good = 0;
  let bad = lines.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (canGoOn(lines.slice(0, middle).join('\n'))) good = middle;
    else bad = middle;
  }
  return bad;
}

function canGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const at = /at position (\d+)/.exec(message)?.[1];
    return message === 'Unexpected end of JSON input' || at === String(text.length);
  }
}
