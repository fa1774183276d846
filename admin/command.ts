/** What a command of `flex-channel` is. */
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** An error whose message has lines. No text from elsewhere can break out of its line. */
abstract class SpokenError extends Error {
  constructor(lines: string | readonly string[], options?: ErrorOptions) {
    super([lines].flat().map(printable).join('\n'), options);
  }
}

/** A command line that can't be understood; exit code 2. */
export class UsageError extends SpokenError {}

/** What keeps a command from its work, in words that name the cure; exit code 1. */
export class CommandError extends SpokenError {}

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Option {
  readonly type: 'string' | 'boolean';
  /** One letter that may stand for the name. */
  readonly short?: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly about: string;
}

export type Options = Readonly<Record<string, Option>>;

/** What a command line gives for its options; absent ones are undefined. */
export type Values<Known extends Options> = {
  readonly [Name in keyof Known]?:
    | { string: string; boolean: boolean }[Known[Name]['type']]
    | undefined;
};

/** Every command answers a program as well as a person, and tells its options. */
const COMMON_OPTIONS = {
  json: { type: 'boolean', about: 'the result as JSON, and a failure too' },
  help: { type: 'boolean', short: 'h', about: 'this text' },
} as const satisfies Options;

/** One run of a command that has these options beside those which all have. */
export interface Call<Known extends Options> {
  readonly values: Values<Known & typeof COMMON_OPTIONS>;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
}

/** A command as `run` finds it in the list of all. */
export interface Command {
  readonly name: string;
  /** Its first line stands in the list of all commands. */
  readonly summary: string;
  readonly options: Options;
  /** Why it may be run again after a failure that passes by itself. */
  readonly again: string;
  /** @param call holds values of these options and no others. */
  run(call: Call<Options>): Promise<ExitCode>;
}

interface Definition<Known extends Options> extends Omit<Command, 'run'> {
  readonly options: Known;
  run(call: Call<Known>): Promise<ExitCode>;
}

/** A command whose `run` sees the values of its own options only: a name that is not among them does not compile. */
export function defineCommand<const Known extends Options>(definition: Definition<Known>): Command {
  return {
    ...definition,
    options: { ...definition.options, ...COMMON_OPTIONS },
    // `run.ts` has read the values by these very options.
    run: (call) => definition.run(call as Call<Known>),
  };
}

export function helpOf({ name, summary, options }: Command): string[] {
  const shown = Object.entries(options).map(([option, { short, value }]) => {
    const letter = short === undefined ? '' : `-${short}, `;
    return `${letter}--${option}${value === undefined ? '' : ` <${value}>`}`;
  });
  const width = Math.max(24, ...shown.map(({ length }) => length));
  const abouts = Object.values(options).map(({ about }) => about);
  return [
    `Usage: flex-channel ${name} [options]`,
    '',
    ...summary.split('\n'),
    '',
    ...shown.map((each, index) => `  ${each.padEnd(width)}  ${abouts[index]}`),
    '',
    'Exit code: 0 all well, 1 something was found or failed, 2 the command line is wrong.',
  ];
}
