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
    readonly backEnd?: string;
    readonly flexFlowSid?: string;
    readonly plugin?: object;
    readonly routing: {
      readonly type: string;
      readonly workflowSid?: string;
      readonly flowSid?: string;
      readonly url?: string;
      readonly taskChannel?: string;
    };
  };
  readonly customers: { readonly allowedOrigins: readonly string[] };
  readonly widget?: { readonly hosting?: boolean };
}

export const BACK_ENDS = ['conversations', 'programmable-chat'] as const;
export const ROUTINGS = ['task', 'studio', 'external'] as const;

/** What of Flex this run is to use, in place of what the configuration says. */
export interface FlexChoice {
  readonly backEnd?: (typeof BACK_ENDS)[number];
  readonly routing?: (typeof ROUTINGS)[number];
}

/** What this run alone knows. */
export interface LocalRun extends FlexChoice {
  readonly pagePort: number;
  /** Where routing `external` leads. */
  readonly externalUrl: string;
}

/**
 * Derives the configuration of this run from `config/local.json`: the page's origin is allowed
 * whatever port it has, and Flex is used as chosen. Everything else is checked by the app itself
 * when it is synthesized.
 *
 * @param target where to write it.
 */
export function writeLocalConfig(config: LocalConfig, target: string, run: LocalRun): void {
  const pageOrigins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${run.pagePort}`);
  const allowedOrigins = [...new Set([...pageOrigins, ...config.customers.allowedOrigins])];
  const flex = chooseFlex(config.flex, { ...run, ...usedFlex(config, run) });
  const local = {
    ...config,
    flex,
    customers: { ...config.customers, allowedOrigins },
    // The page server has the files; there is no CloudFront here.
    ...(config.widget && { widget: { ...config.widget, hosting: false } }),
  };
  writeFileSync(target, JSON.stringify(local, undefined, 2));
}

/** What of Flex a run uses, by name. */
export interface UsedFlex {
  readonly backEnd: string;
  readonly routing: string;
}

export function usedFlex({ flex }: LocalConfig, choice: FlexChoice): UsedFlex {
  const { backEnd = flex.backEnd ?? 'conversations', routing = flex.routing.type } = choice;
  return { backEnd, routing };
}

/** SIDs that provisioning makes are left out where another kind of routing is chosen. */
function chooseFlex(
  flex: LocalConfig['flex'],
  run: UsedFlex & Pick<LocalRun, 'externalUrl'>,
): LocalConfig['flex'] {
  const { backEnd, routing } = run;
  const { workflowSid } = flex.routing;
  const isSame = routing === flex.routing.type;
  const chosen = {
    type: routing,
    ...(routing === 'external' ? { url: run.externalUrl } : workflowSid && { workflowSid }),
  };
  return { ...flex, backEnd, routing: isSame ? flex.routing : chosen };
}

/** @throws StartError when the file is missing, is not JSON or lacks a section. */
export function readLocalConfig(file: string): LocalConfig {
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
    // The parser's own message quotes the file.
    const problem = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new StartError(`Cannot read ${file}: ${problem}`);
  }
}
