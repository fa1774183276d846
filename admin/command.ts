/** What a command of `flex-channel` is, and how its command line is read. */
import { parseArgs } from 'node:util';
import { shownName } from '#lib/shown-value';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** An error whose message has lines. What stands in a line stays in it, whoever wrote it. */
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
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly about: string;
}

/** Given options by name; absent ones are undefined. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** One run of a command. */
export interface Call {
  readonly values: Values;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Beside `--help`. */
  readonly options: Readonly<Record<string, Option>>;
  run(call: Call): Promise<ExitCode>;
}

const HELP: Option = { type: 'boolean', about: 'this text' };

/** @throws UsageError for unknown options, missing values and further arguments. */
export function readValues(command: Command, args: readonly string[]): Values {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, help: HELP }).map(([name, { type }]) => [name, { type }]),
  );
  try {
    return parseArgs({ args: [...args], options }).values as Values;
  } catch (error) {
    throw new UsageError(problemOf(error as NodeJS.ErrnoException, args).split('\n'));
  }
}

/** The parser's own message repeats an argument that may be a secret. */
function problemOf({ code, message }: NodeJS.ErrnoException, args: readonly string[]): string {
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
    return 'Only options are taken here, and there is an argument without "--" before it.';
  }
  const isHarmless = args.every(
    (arg) => !arg.startsWith('-') || shownName(optionOf(arg)) === optionOf(arg),
  );
  return isHarmless ? message : 'There is an option that is not known.';
}

const optionOf = (arg: string): string => arg.replace(/^-+/, '').replace(/=.*$/s, '');

export function helpOf(command: Command): string[] {
  const options = Object.entries({ ...command.options, help: HELP }).map(([name, option]) => {
    const value = option.value === undefined ? '' : ` <${option.value}>`;
    return [`--${name}${value}`, option.about] as const;
  });
  const width = Math.max(24, ...options.map(([shown]) => shown.length));
  const lines = options.map(([shown, about]) => `  ${shown.padEnd(width)}  ${about}`);
  return [
    `Usage: flex-channel ${command.name} [options]`,
    '',
    ...command.summary.split('\n'),
    '',
    ...lines,
    '',
    'Exit code: 0 all well, 1 something was found or failed, 2 the command line is wrong.',
  ];
}

/** The text given for an option. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
