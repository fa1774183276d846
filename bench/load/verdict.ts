/** What became of a list of messages on the way to one reader. */
export interface Verdict {
  readonly lost: number;
  readonly doubled: number;
  readonly misordered: number;
}

export const FLAWLESS: Verdict = { lost: 0, doubled: 0, misordered: 0 };

/**
 * Holds what was sent against what is shown. A text that was never sent counts as doubled: it
 * has no business there.
 */
export function judge(sent: readonly string[], shown: readonly string[]): Verdict {
  const position = new Map(sent.map((text, index) => [text, index]));
  const first = [...new Set(shown)].filter((text) => position.has(text));
  const places = first.map((text) => position.get(text) as number);
  return {
    lost: sent.length - first.length,
    doubled: shown.length - first.length,
    misordered: places.filter((place, index) => place < (places[index - 1] ?? -1)).length,
  };
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce(
    (total, { lost, doubled, misordered }) => ({
      lost: total.lost + lost,
      doubled: total.doubled + doubled,
      misordered: total.misordered + misordered,
    }),
    FLAWLESS,
  );
}
