/** Makes and keeps what a configuration needs in a Twilio account. */
import { readFileSync } from 'node:fs';
import { checkConfig, locateConfig, readConfig } from '#lib/config';
import type { Config } from '#lib/config-schema';
import { refuseStrangeSids } from './checks/sids.ts';
import { CommandError } from './command.ts';
import { type Fields, writeFields } from './config-file.ts';
import { explained } from './failures/describe.ts';
import { isWrite, planSteps, type Step } from './plan.ts';
import type { Setup } from './resources/resource.ts';
import { refuseOtherAccount } from './twilio/account.ts';
import { createTwilio } from './twilio/client.ts';
import { type Credentials, credentialProblems } from './twilio/credentials.ts';

export interface ProvisionOptions {
  /** Names what is made: `flex-channel <stage>`. */
  readonly stage: string;
  /** File of the configuration; gets the SIDs of what is made. */
  readonly configPath: string;
  readonly credentials: Credentials;
  /** @default Twilio itself */
  readonly twilioUrl?: string | undefined;
  /** While it is absent, whatever needs it is left for a later run. */
  readonly webhookUrl?: string | undefined;
  /** Asked before anything is changed, and only then. @default yes */
  readonly approve?: (steps: readonly Step[]) => Promise<boolean>;
  readonly progress?: (line: string) => void;
}

export interface Provisioned {
  /** What was planned. */
  readonly steps: readonly Step[];
  /** Whether the account or the file was changed. */
  readonly isChanged: boolean;
  /** With the SIDs of what was made. */
  readonly config: Config;
}

/**
 * Brings the account to what the configuration needs. May be repeated: a second run finds
 * nothing to change and writes nothing. Conflicts with what others made are left alone.
 *
 * @throws CommandError for credentials that can't be right or belong to another account, for SIDs
 *   that do not fit each other, and for what Twilio does not do.
 */
export async function provision(config: Config, options: ProvisionOptions): Promise<Provisioned> {
  const { stage, webhookUrl, approve = async () => true, progress = () => {} } = options;
  const twilio = connect(config, options);
  await refuseOtherAccount(twilio, config.twilio.accountSid);
  await refuseStrangeSids(twilio, config);
  const setup = { stage, config, webhookUrl, twilio };
  const steps = await planSteps(setup, progress);
  if (!steps.some(isWrite) || !(await approve(steps))) return { steps, isChanged: false, config };
  const changed = await applySteps(setup, steps, options.configPath, progress);
  return { steps, isChanged: true, config: changed };
}

/**
 * As `provision`, for a configuration that is read from its file.
 * @throws ConfigError also, when the file is missing or wrong.
 */
export async function provisionFile(options: ProvisionOptions): Promise<Provisioned> {
  const location = locateConfig(options.stage, options.configPath);
  return provision(readConfig(location), options);
}

/** @throws CommandError when the credentials can't be right. */
export function connect(
  { twilio: { accountSid } }: Config,
  { credentials, twilioUrl }: Pick<ProvisionOptions, 'credentials' | 'twilioUrl'>,
): Setup['twilio'] {
  const problems = credentialProblems(credentials, accountSid);
  if (problems.length > 0) {
    const lines = problems.map(
      ({ variable, problem, cure }) => `  ${variable}: ${problem}; ${cure}`,
    );
    throw new CommandError(["The credentials can't be used:", ...lines]);
  }
  return createTwilio({ credentials, accountSid, twilioUrl });
}

/** One after the other, since a Flex Flow names the SID of the Studio flow, which is in the file by then. */
async function applySteps(
  setup: Setup,
  steps: readonly Step[],
  configPath: string,
  progress: (line: string) => void,
): Promise<Config> {
  let { config } = setup;
  const write = (fields: Fields): void => {
    writeFields(configPath, fields);
    config = reread(configPath);
  };
  for (const { resource, found, action, fields } of steps) {
    if (action === 'create' || action === 'update') {
      progress(`${action === 'create' ? 'Creating' : 'Updating'}: ${resource.name}`);
      const apply = () => resource.apply({ ...setup, config }, found);
      const id = await explained(resource.name, apply);
      write(resource.fields(config, id));
    } else if (Object.keys(fields).length > 0) {
      write(fields);
    }
  }
  return config;
}

function reread(configPath: string): Config {
  const { config } = checkConfig(JSON.parse(readFileSync(configPath, 'utf8')));
  if (config === undefined) throw new Error(`${configPath} is no longer valid`);
  return config;
}
