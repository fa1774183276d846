import { ENV } from './env-names.ts';

type EnvKey = keyof typeof ENV;

/**
 * Reads the named variables once per cold start.
 * @throws Error naming every variable that is missing, so that a broken deployment fails at its first start.
 */
export function readEnv<Key extends EnvKey>(
  source: Readonly<Record<string, string | undefined>>,
  ...keys: readonly Key[]
): Record<Key, string> {
  const missing = keys.map((key) => ENV[key]).filter((name) => !source[name]);
  if (missing.length > 0) throw new Error(`environment: ${missing.join(', ')} missing`);
  return Object.fromEntries(keys.map((key) => [key, source[ENV[key]]])) as Record<Key, string>;
}
