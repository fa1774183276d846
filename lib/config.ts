/** Reads and checks the configuration of a stage before anything is synthesized. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { type Config, ConfigSchema } from './config-schema.ts';
import { parseJsonText } from './parse-json.ts';
import { shownName, shownValue } from './shown-value.ts';

const OWN_FOLDER = join(import.meta.dirname, '..', 'config');

/** An installed command has none of its own, and looks where it is run. */
const CONFIG_FOLDER = existsSync(OWN_FOLDER) ? OWN_FOLDER : join(process.cwd(), 'config');

/** The configuration can't be used; the message lists every problem with its cure. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** A stage and its configuration. */
export interface StageConfig {
  /** `local` when only a path was given. */
  readonly stage: string;
  readonly config: Config;
}

/** Where the configuration of a stage is. */
export interface ConfigLocation {
  readonly stage: string;
  /** Absolute. */
  readonly file: string;
  /** How a command line names the stage. */
  readonly option: string;
}

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Dotted, such as `flex.routing.flowSid`. */
  readonly path: string;
  /** What is there; never repeats what looks like a secret. */
  readonly problem: string;
  /** Absent for a field that should not be there. */
  readonly expected?: string;
}

/** `config` where there are no problems. */
export type CheckedConfig =
  | { readonly config: Config; readonly problems: readonly [] }
  | { readonly config?: never; readonly problems: readonly ConfigProblem[] };

/**
 * Reads `config/<stage>.json`, with the stage from the context value `stage`. The context
 * value `config` names another file, relative to the working directory.
 *
 * @param context reads one value of the CDK context.
 * @throws ConfigError when no stage is given, or its file is missing or wrong, or lacks what
 *   `flex-channel provision` writes into it.
 */
export function loadConfig(context: (key: string) => unknown, folder = CONFIG_FOLDER): StageConfig {
  const location = locateConfig(context('stage'), context('config'), folder);
  const config = readConfig(location, folder);
  const missing = missingSids(config).map(
    (path) =>
      `  ${path}: missing; run "npx flex-channel provision ${location.option}", which writes it`,
  );
  if (missing.length > 0) throw unusable(location, missing);
  return { stage: location.stage, config };
}

/**
 * @param path of a file, which wins over the stage's own.
 * @throws ConfigError when neither a stage nor a path is given, or the stage's name can't be used.
 */
export function locateConfig(
  givenStage: unknown,
  path: unknown,
  folder = CONFIG_FOLDER,
): ConfigLocation {
  const stage = givenStage ?? (path === undefined ? undefined : 'local');
  if (stage === undefined) {
    throw new ConfigError(`No stage given. Pass -c stage=<name>; ${knownStages(folder)}.`);
  }
  // The stage begins the names of its stacks, and CloudFormation allows no other characters there.
  if (typeof stage !== 'string' || !/^[a-z][a-z0-9-]{0,31}$/i.test(stage)) {
    throw new ConfigError(
      `${shownValue(stage)} can't name a stage. Use up to 32 letters, digits and hyphens, a letter first.`,
    );
  }
  const isElsewhere = typeof path === 'string';
  return {
    stage,
    file: isElsewhere ? resolve(path) : join(folder, `${stage}.json`),
    option: [
      ...(givenStage === undefined ? [] : [`--stage ${stage}`]),
      ...(isElsewhere ? [`--config ${path}`] : []),
    ].join(' '),
  };
}

/**
 * Reads a configuration that may still lack what `flex-channel provision` writes.
 * @throws ConfigError when the file is missing or wrong.
 */
export function readConfig(location: ConfigLocation, folder = CONFIG_FOLDER): Config {
  const { config, problems } = checkConfig(readConfigJson(location, folder));
  if (config !== undefined) return config;
  throw unusable(
    location,
    problems.map(({ path, problem, expected }) =>
      expected === undefined
        ? `  ${path}: ${problem}`
        : `  ${path}: ${problem}; expected ${expected}`,
    ),
  );
}

/** @throws ConfigError when the file is missing or is not JSON. */
export function readConfigJson({ file }: ConfigLocation, folder = CONFIG_FOLDER): unknown {
  const shown = relative(process.cwd(), file);
  if (!existsSync(file)) {
    throw new ConfigError(`${shown} does not exist; ${knownStages(folder)}.`);
  }
  try {
    return parseJsonText(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${shown} is not JSON: ${(error as Error).message}`);
  }
}

/** Holds a parsed file against the schema. */
export function checkConfig(json: unknown): CheckedConfig {
  const result = v.safeParse(ConfigSchema, json);
  return result.success
    ? { config: result.output, problems: [] }
    : { problems: result.issues.map(describeIssue) };
}

/** Paths of the SIDs that a deployment needs and `flex-channel provision` makes. */
function missingSids({ flex }: Config): string[] {
  const { backEnd, routing, flexFlowSid } = flex;
  const missing: string[] = [];
  if (routing.type === 'studio' && routing.flowSid === undefined) {
    missing.push('flex.routing.flowSid');
  }
  if (backEnd === 'programmable-chat' && flexFlowSid === undefined) {
    missing.push('flex.flexFlowSid');
  }
  return missing;
}

const unusable = ({ file }: ConfigLocation, problems: readonly string[]): ConfigError =>
  new ConfigError(`${relative(process.cwd(), file)} can't be used:\n${problems.join('\n')}`);

function knownStages(folder: string): string {
  const stages = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.json') && name !== 'example.json')
    .map((name) => name.slice(0, -'.json'.length));
  return `there is ${stages.join(', ') || 'none yet'} (copy config/example.json for a new one)`;
}

function describeIssue(issue: v.BaseIssue<unknown>): ConfigProblem {
  const keys = issue.path?.map(({ key }) => shownName(String(key)));
  const path = keys?.join('.') ?? '(the whole file)';
  if (issue.expected === 'never') {
    return { path, problem: `unknown field; the fields here are ${issue.message}` };
  }
  const value = issue.path === undefined ? issue.input : issue.path.at(-1)?.value;
  return { path, problem: shownValue(value), expected: issue.message };
}
