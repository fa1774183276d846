/** Where the deployed stacks keep what a command works on. */
import { type Option, textOf, UsageError, type Values } from './command.ts';
import { readOutputs } from './webhook-url.ts';

export const OUTPUTS_OPTION = {
  outputs: {
    type: 'string',
    value: 'file',
    about: 'what cdk deploy --outputs-file wrote',
  },
} as const satisfies Record<string, Option>;

/**
 * Takes each value from its own option, or else from the stage's outputs.
 * @param sources names of outputs by option.
 * @throws UsageError that names every value which is in neither.
 */
export function fromOutputs<Name extends string>(
  values: Values,
  stage: string,
  sources: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const file = textOf(values, 'outputs');
  const outputs = readOutputs(file, stage);
  const found = Object.entries<string>(sources).map(
    ([option, output]) => [option, output, textOf(values, option) ?? outputs[output]] as const,
  );
  const missing = found.filter(([, , value]) => !value);
  if (missing.length > 0) {
    const options = missing.map(([option]) => `--${option}`).join(' and ');
    const names = missing.map(([, output]) => output).join(' and ');
    throw new UsageError(
      file === undefined
        ? `Pass --outputs <file>, or ${options}.`
        : `--outputs: ${file} has no ${names} of stage ${stage}. Deploy it, or pass ${options}.`,
    );
  }
  return Object.fromEntries(found.map(([option, , value]) => [option, value])) as Record<
    Name,
    string
  >;
}
