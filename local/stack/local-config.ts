import { readFileSync, writeFileSync } from 'node:fs';
import { StartError } from './start-error.ts';

/** The parts of `config/<stage>.json` that the local stack itself looks at. */
export interface LocalConfig {
  readonly twilio: {
    readonly accountSid: string;
    readonly chatServiceSid: string;
    readonly workspaceSid: string;
  };
  readonly flex: {
    readonly flexFlowSid?: string;
    readonly routing: {
      readonly type: string;
      readonly workflowSid?: string;
      readonly flowSid?: string;
      readonly url?: string;
      readonly taskChannel?: string;
    };
  };
  readonly customers: { readonly allowedOrigins: readonly string[] };
}

/**
 * Derives the configuration of this run from `config/local.json`: the page's origin is allowed
 * whatever port it has. Everything else is checked by the app itself when it is synthesized.
 *
 * @param target where to write it.
 * @throws StartError when the source is missing, is not JSON or lacks a section.
 */
export function writeLocalConfig(source: string, target: string, pagePort: number): LocalConfig {
  const config = readConfig(source);
  const pageOrigins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${pagePort}`);
  const allowedOrigins = [...new Set([...pageOrigins, ...config.customers.allowedOrigins])];
  const local = { ...config, customers: { ...config.customers, allowedOrigins } };
  writeFileSync(target, JSON.stringify(local, undefined, 2));
  return local;
}

function readConfig(file: string): LocalConfig {
  const config = parse(file) as Partial<LocalConfig> | null;
  const missing = (['twilio', 'flex', 'customers'] as const).find(
    (section) => typeof config?.[section] !== 'object',
  );
  if (missing !== undefined) throw new StartError(`${file} has no section ${missing}.`);
  const { customers, flex } = config as LocalConfig;
  if (!Array.isArray(customers.allowedOrigins)) {
    throw new StartError(`${file}: customers.allowedOrigins must be a list.`);
  }
  if (typeof flex.routing !== 'object') throw new StartError(`${file} has no flex.routing.`);
  return config as LocalConfig;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartError(`Cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}
