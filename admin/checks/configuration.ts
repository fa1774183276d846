import type { ConfigProblem } from '#lib/config';
import type { Finding, OfflineCheck } from './check.ts';

/** Everything that the schema refuses in the file. Two SIDs that stand in each other's place are named as swapped. */
export const configuration: OfflineCheck = {
  name: 'configuration file',
  needs: [],
  isLive: false,
  run: ({ problems }) => problems.map((problem) => describe(problem, problems)),
};

function describe(wrong: ConfigProblem, all: readonly ConfigProblem[]): Finding {
  const { path, problem, expected } = wrong;
  const other = all.find((each) => isSwapped(wrong, each));
  return {
    severity: 'error',
    field: path,
    problem,
    expected,
    cure:
      other === undefined ? cureOf(wrong) : `the two are swapped: exchange it with ${other.path}`,
  };
}

function cureOf({ problem, expected }: ConfigProblem): string {
  if (expected === undefined) return 'remove it, or correct its name';
  return problem === 'missing'
    ? 'add it to the configuration file'
    : 'put what is expected in its place';
}

const isSwapped = (one: ConfigProblem, other: ConfigProblem): boolean =>
  one !== other && fits(one, other) && fits(other, one);

/** Would the value of one be right in the place of the other? */
function fits({ problem }: ConfigProblem, { expected }: ConfigProblem): boolean {
  const prefix = /^"([A-Z]{2})[0-9a-f]{32}"/.exec(problem)?.[1];
  return prefix !== undefined && expected?.includes(`(${prefix} + 32 hex digits)`) === true;
}
