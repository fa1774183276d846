/** What somebody may have meant who mistyped a name. */

/** So many letters may be wrong, and fewer of a short name. */
const MOST_WRONG = 3;

/** No name of ours is that long, so that a longer text is not compared at all. */
const LONGEST = 40;

/** @returns the known name that is most like it, or begins with it; undefined when none is. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (given === '' || given.length > LONGEST) return undefined;
  const [best] = known
    .map((name) => ({ name, wrong: name.startsWith(given) ? 0 : distance(given, name) }))
    .filter(({ name, wrong }) => wrong <= Math.min(MOST_WRONG, Math.floor(name.length / 2)))
    .sort((a, b) => a.wrong - b.wrong);
  return best?.name;
}

/** How many letters have to be put in, taken out or replaced. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
