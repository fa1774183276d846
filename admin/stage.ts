/** Which stage a command works on, and how it reaches its Twilio account. */
import { type ConfigLocation, locateConfig, readConfig } from '#lib/config';
import type { Config } from '#lib/config-schema';
import { type Call, type Options, UsageError, type Values } from './command.ts';
import { connect } from './provision.ts';
import type { Setup } from './resources/resource.ts';
import { refuseOtherAccount } from './twilio/account.ts';
import { readCredentials } from './twilio/credentials.ts';
import { readWebhookUrl, WEBHOOK_OPTIONS } from './webhook-url.ts';

export const STAGE_OPTIONS = {
  stage: { type: 'string', value: 'name', about: 'the stage: config/<name>.json' },
  config: { type: 'string', value: 'path', about: 'another configuration file' },
} as const satisfies Options;

/** Of every command that talks to Twilio. */
export const TWILIO_OPTIONS = {
  ...STAGE_OPTIONS,
  ...WEBHOOK_OPTIONS,
  'twilio-url': {
    type: 'string',
    value: 'url',
    about: 'a simulated Twilio, such as that of npm start',
  },
} as const satisfies Options;

export const SESSION_OPTION = {
  session: { type: 'string', value: 'id', about: 'the session, as the logs name it' },
} as const satisfies Options;

export const CONFIRM_OPTIONS = {
  'dry-run': { type: 'boolean', about: 'show what would be done and do nothing' },
  yes: { type: 'boolean', about: 'do not ask before it changes anything' },
} as const satisfies Options;

/**
 * The session that a command is to work on, if one is given.
 * @throws UsageError for what is no id, and is not repeated: it may be the customer's token.
 */
export function sessionIn({ session: given }: Values<typeof SESSION_OPTION>): string | undefined {
  if (given !== undefined && !/^[\w-]{0,64}$/.test(given)) {
    throw new UsageError(
      '--session: expected the id of a session, as the logs name it; a token is none.',
    );
  }
  return given;
}

/** @throws UsageError when no stage is given. */
export function locate({ stage, config: path }: Values<typeof STAGE_OPTIONS>): ConfigLocation {
  if (stage === undefined && path === undefined) {
    throw new UsageError('Pass --stage <name> or --config <path>.');
  }
  return locateConfig(stage, path);
}

export interface StageSetup extends Setup {
  readonly location: ConfigLocation;
}

/**
 * Reads the configuration and connects with the account that it names.
 * @throws UsageError, ConfigError, CommandError.
 */
export async function readSetup({ values, env }: Call<typeof TWILIO_OPTIONS>): Promise<StageSetup> {
  const location = locate(values);
  const config: Config = readConfig(location);
  const webhookUrl = readWebhookUrl(values, location.stage, config.operations.webhookUrl);
  const twilio = connect(config, {
    credentials: readCredentials(env),
    twilioUrl: values['twilio-url'],
  });
  await refuseOtherAccount(twilio, config.twilio.accountSid);
  return { location, stage: location.stage, config, webhookUrl, twilio };
}

/**
 * Asks before something is changed.
 * @throws UsageError when nobody is there to answer.
 */
export async function confirmed(
  { values, terminal }: Call<typeof CONFIRM_OPTIONS>,
  question: string,
): Promise<boolean> {
  if (values['dry-run']) return false;
  if (values.yes) return true;
  if (!terminal.isInteractive) {
    throw new UsageError('Nobody is there to confirm: pass --yes or --dry-run.');
  }
  return /^y(es)?$/i.test(await terminal.ask(`${question} [y/N] `));
}
