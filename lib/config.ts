/** Reads and checks the configuration of a stage before anything is synthesized. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { type Config, ConfigSchema } from './config-schema.ts';

const CONFIG_FOLDER = join(import.meta.dirname, '..', 'config');

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

/**
 * Reads `config/<stage>.json`, with the stage from the context value `stage`. The context
 * value `config` names another file, relative to the working directory.
 *
 * @param context reads one value of the CDK context.
 * @throws ConfigError when no stage is given, or its file is missing or wrong.
 */
export function loadConfig(context: (key: string) => unknown, folder = CONFIG_FOLDER): StageConfig {
  const path = context('config');
  const stage = context('stage') ?? (path === undefined ? undefined : 'local');
  if (stage === undefined) {
    throw new ConfigError(`No stage given. Pass -c stage=<name>; ${knownStages(folder)}.`);
  }
  // The stage begins the names of its stacks, and CloudFormation allows no other characters there.
  if (typeof stage !== 'string' || !/^[a-z][a-z0-9-]{0,31}$/i.test(stage)) {
    throw new ConfigError(
      `${JSON.stringify(stage)} can't name a stage. Use up to 32 letters, digits and hyphens, a letter first.`,
    );
  }
  const file = typeof path === 'string' ? resolve(path) : join(folder, `${stage}.json`);
  return { stage, config: readConfig(file, folder) };
}

function readConfig(file: string, folder: string): Config {
  const shown = relative(process.cwd(), file);
  if (!existsSync(file)) {
    throw new ConfigError(`${shown} does not exist; ${knownStages(folder)}.`);
  }
  const result = v.safeParse(ConfigSchema, parseJson(readFileSync(file, 'utf8'), shown));
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `  ${describeIssue(issue)}`);
  throw new ConfigError(`${shown} can't be used:\n${problems.join('\n')}`);
}

function parseJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${shown} is not JSON: ${(error as Error).message}`);
  }
}

function knownStages(folder: string): string {
  const stages = readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'example.json')
    .map((name) => name.slice(0, -'.json'.length));
  return `there is ${stages.join(', ') || 'none yet'} (copy config/example.json for a new one)`;
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? '(the whole file)';
  if (issue.expected === 'never')
    return `${path}: unknown field; the fields here are ${issue.message}`;
  const value = issue.path === undefined ? issue.input : issue.path.at(-1)?.value;
  return `${path}: ${describeValue(value)}; expected ${issue.message}`;
}

/** Nouns of Twilio's SIDs that are likely to be mixed up. */
const SID_NOUNS: Readonly<Record<string, string>> = {
  AC: 'an account SID',
  CH: 'a conversation SID',
  FO: 'a Flex flow SID',
  FW: 'a Studio flow SID',
  IS: 'a chat service SID',
  SK: 'an API key SID',
  WK: 'a worker SID',
  WQ: 'a task queue SID',
  WS: 'a workspace SID',
  WW: 'a workflow SID',
};

function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  const shown = JSON.stringify(value);
  const short = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
  if (typeof value !== 'string') return short;
  if (/^[0-9a-f]{32}$/i.test(value)) return 'hidden, for it looks like an auth token';
  const noun = /^[A-Z]{2}[0-9a-f]{32}$/.test(value) ? SID_NOUNS[value.slice(0, 2)] : undefined;
  return noun === undefined ? short : `${short} is ${noun}`;
}
