/** Where the deployed stacks keep what a command works on: what `cdk deploy --outputs-file` wrote. */
import { existsSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Options, UsageError, type Values } from './command.ts';

export const OUTPUTS_OPTION = {
  outputs: { type: 'string', value: 'file', about: 'what cdk deploy --outputs-file wrote' },
} as const satisfies Options;

/** Of commands that reach a session's row and its connections. */
export const CONNECTIONS_OPTIONS = {
  'table-name': { type: 'string', value: 'name', about: 'default: TableName' },
  'callback-url': { type: 'string', value: 'url', about: 'default: CustomerSocketCallbackUrl' },
} as const satisfies Options;

export const CONNECTIONS_OUTPUTS = {
  'table-name': 'TableName',
  'callback-url': 'CustomerSocketCallbackUrl',
} as const;

type Outputs = Readonly<Record<string, string | undefined>>;

const STACKS = ['FlexChannel', 'FlexChannelState'];
const LOCAL = 'local';

/** By stack, as cdk writes them; `npm start` also writes a file without stacks. */
const FileSchema = v.record(v.string(), v.union([v.string(), v.record(v.string(), v.string())]));

/**
 * Outputs of a stage's stacks by name; none without a file.
 * @throws UsageError for a file that can't be read, or that tells of other stages only.
 */
export function readOutputs(
  { outputs: file }: Values<typeof OUTPUTS_OPTION>,
  stage: string,
): Outputs {
  if (file === undefined) return {};
  const parsed = v.safeParse(FileSchema, parse(file));
  if (!parsed.success) throw new UsageError(`--outputs: ${file} holds no outputs.`);
  const all = Object.entries(parsed.output).map(([name, value]) =>
    typeof value === 'string'
      ? { stage: LOCAL, outputs: { [name]: value } }
      : { stage: stageOf(name), outputs: value },
  );
  const own = all.filter((each) => each.stage === stage);
  const others = new Set(all.flatMap((each) => each.stage ?? []));
  if (others.size === 0) throw new UsageError(`--outputs: ${file} holds no outputs.`);
  if (own.length === 0) {
    throw new UsageError(
      `--outputs: ${file} is of stage ${[...others].join(', ')}, not of ${stage}. Pass the file that the deployment of ${stage} wrote.`,
    );
  }
  return Object.assign({}, ...own.map((each) => each.outputs));
}

/**
 * Takes each value from its own option, or else from the stage's outputs.
 * @param sources names of outputs by option.
 * @throws UsageError that names every value which is in neither.
 */
export function fromOutputs<Name extends string>(
  values: Values<typeof OUTPUTS_OPTION> & {
    readonly [Option in NoInfer<Name>]?: string | undefined;
  },
  stage: string,
  sources: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const outputs = readOutputs(values, stage);
  const names = Object.keys(sources) as Name[];
  const given = (name: Name) => values[name] || outputs[sources[name]];
  const missing = names.filter((name) => !given(name));
  if (missing.length > 0) {
    const options = missing.map((name) => `--${name}`).join(' and ');
    const wanted = missing.map((name) => sources[name]).join(' and ');
    throw new UsageError(
      values.outputs === undefined
        ? `Pass --outputs <file>, or ${options}.`
        : `--outputs: ${values.outputs} has no ${wanted} of stage ${stage}. Deploy it, or pass ${options}.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, given(name)])) as Record<Name, string>;
}

/** @throws UsageError for what is no ARN, and is not repeated: it may be the secret itself. */
export function refuseNoArn(option: string, given: string | undefined): void {
  if (given?.startsWith('arn:') === false) {
    throw new UsageError(`--${option}: expected an ARN (arn:aws:secretsmanager:…).`);
  }
}

/** @returns undefined for the stack of another project. */
function stageOf(stack: string): string | undefined {
  if (STACKS.includes(stack)) return LOCAL;
  const suffix = STACKS.map((each) => `-${each}`).find((each) => stack.endsWith(each));
  return suffix === undefined ? undefined : stack.slice(0, -suffix.length);
}

function parse(file: string): unknown {
  if (!existsSync(file)) {
    throw new UsageError(
      `--outputs: ${file} does not exist. A deployment writes it: npm run deploy -- -c stage=<name> --outputs-file ${file}`,
    );
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--outputs: ${file} is not JSON.`, { cause: error });
  }
}
