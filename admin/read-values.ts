/** Reads a command line. No argument is repeated that may be a secret in the wrong place. */
import { parseArgs } from 'node:util';
import { shownName, shownUrl } from '#lib/shown-value';
import { type Call, type Command, type Options, UsageError } from './command.ts';
import { nearest } from './nearest.ts';

/** @throws UsageError for unknown options, missing values and further arguments. */
export function readValues(
  { name, options }: Command,
  args: readonly string[],
): Call<Options>['values'] {
  const config = { args: joined(args, options), options };
  refuseUnknown(name, config);
  const values = valuesOf(config);
  for (const [option, { value }] of Object.entries(options)) {
    const given = values[option];
    if (value === 'url' && typeof given === 'string') refuseNoAddress(option, given);
  }
  return values;
}

/**
 * With `=` between an option and a value that begins with a dash, as one session's id in 64 does: the
 * parser takes such a value for an option that was forgotten.
 */
function joined(args: readonly string[], options: Options): string[] {
  const all = [...args];
  for (const token of tokensOf({ args: all, options }).toReversed()) {
    if (token.kind !== 'option' || token.inlineValue !== false) continue;
    if (/^-[^-]../.test(token.value)) all.splice(token.index, 2, `${token.rawName}=${token.value}`);
  }
  return all;
}

const tokensOf = (config: { args: string[]; options: Options }) =>
  parseArgs({ ...config, strict: false, allowPositionals: true, tokens: true }).tokens;

function valuesOf(config: { args: string[]; options: Options }): Call<Options>['values'] {
  try {
    return parseArgs(config).values;
  } catch (error) {
    // All options are known by now, so that the parser names only those and none of their values.
    throw new UsageError((error as Error).message.split('\n'));
  }
}

function refuseNoAddress(option: string, given: string): void {
  if (/^https?:\/\/[^/]/.test(given) && URL.canParse(given)) return;
  const shown = shownUrl(given);
  throw new UsageError(
    `--${option}: expected an address that begins with http:// or https://${shown === undefined ? '' : `, not ${shown}`}.`,
  );
}

function refuseUnknown(name: string, config: { args: string[]; options: Options }): void {
  for (const token of tokensOf(config)) {
    if (token.kind === 'positional') {
      throw new UsageError(
        'Only options are taken here, and there is an argument without "--" before it.',
      );
    }
    if (token.kind === 'option' && !Object.hasOwn(config.options, token.name)) {
      throw new UsageError(
        unknown(name, config.args[token.index] ?? '', Object.keys(config.options)),
      );
    }
  }
}

function unknown(command: string, arg: string, known: readonly string[]): string[] {
  const name = arg.replace(/^-+/, '').replace(/=.*$/s, '');
  const isHarmless = shownName(name) === name;
  const meant = nearest(name, known);
  return [
    `${command} has no ${isHarmless ? `option ${arg.replace(/=.*$/s, '')}` : 'such option'}.`,
    meant === undefined
      ? `"flex-channel ${command} --help" tells the options.`
      : `Did you mean --${meant}?`,
  ];
}
