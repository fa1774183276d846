import { ENV, type EnvKey, type EnvValue } from './environment.ts';
import type { Variable } from './variable.ts';

/** The named variables, as `readEnv` has read them. */
export type Env<Key extends EnvKey> = {
  readonly [Each in Key]: (typeof ENV)[Each] extends { isOptional: true }
    ? EnvValue<Each> | undefined
    : EnvValue<Each>;
};

/**
 * Reads the named variables once per cold start.
 * @throws Error naming each variable that is missing or malformed, so that a broken deployment
 * fails at its first start. No value is repeated.
 */
export function readEnv<Key extends EnvKey>(
  source: Readonly<Record<string, string | undefined>>,
  ...keys: readonly Key[]
): Env<Key> {
  const values: Partial<Record<Key, unknown>> = {};
  const problems: string[] = [];
  for (const key of keys) {
    const { name, expected, read, isOptional }: Variable<unknown> = ENV[key];
    const given = source[name];
    if (given) {
      values[key] = read(given);
      if (values[key] === undefined) problems.push(`${name} must be ${expected}`);
    } else if (!isOptional) {
      problems.push(`${name} is missing`);
    }
  }
  if (problems.length > 0) throw new Error(`environment: ${problems.join('; ')}`);
  return values as Env<Key>;
}
