import { provisionFile } from '#admin/provision';
import type { TwilioAccount } from '../emulators/twilio/options.ts';
import { StartError } from './start-error.ts';

/**
 * Sets the simulated account up for a configuration, by the code that sets up a real one. What
 * it makes is written into the configuration.
 *
 * @throws StartError for a configuration that can't be used.
 */
export async function provisionLocally(options: {
  readonly config: string;
  readonly account: TwilioAccount;
  readonly twilioUrl: string;
  readonly webhookUrl: string;
}): Promise<void> {
  const { config, account, twilioUrl, webhookUrl } = options;
  const [apiKey] = account.apiKeys;
  try {
    await provisionFile({
      stage: 'local',
      configPath: config,
      credentials: {
        accountSid: account.accountSid,
        apiKey: apiKey?.sid ?? '',
        apiSecret: apiKey?.secret ?? '',
      },
      twilioUrl,
      webhookUrl,
    });
  } catch (error) {
    throw new StartError((error as Error).message, { cause: error });
  }
}
