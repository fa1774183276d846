/** The Twilio side of the local stack: a simulated account, set up for this run. */
import { provisionFile } from '#admin/provision';
import type { TwilioAccount } from '../emulators/twilio/options.ts';
import { startTwilio, type TwilioSimulator } from '../emulators/twilio/start.ts';
import { startExternalRouter } from '../external-router.ts';
import type { WireLog } from '../wire/wire-log.ts';
import type { DataDirectory } from './data-directory.ts';
import {
  type FlexChoice,
  readLocalConfig,
  type UsedFlex,
  usedFlex,
  writeLocalConfig,
} from './local-config.ts';
import { type HeldPort, holdPort, type Ports } from './ports.ts';
import type { RunningParts } from './running-parts.ts';
import { StartError } from './start-error.ts';
import { makeUpTwilioAccount } from './twilio-account.ts';

/** Of the REST API, as the app names it: its address is needed before the app is synthesized. */
const WEBHOOK_STAGE = 'prod';

export interface FlexOptions extends FlexChoice {
  /** Configuration to start from. */
  readonly source: string;
  /** Where the configuration of this run goes. */
  readonly config: string;
  /** What outlives the run; undefined: nothing. */
  readonly data: DataDirectory | undefined;
  /** Of the last run; 0 for any free one. */
  readonly kept: Ports;
  readonly pagePort: number;
  readonly webhookTimeoutMs?: number | undefined;
  readonly log: (line: string) => void;
  readonly wire: WireLog;
}

export interface Flex {
  readonly account: TwilioAccount;
  readonly twilio: TwilioSimulator;
  readonly routerUrl: string;
  /** Of the REST API, whose address the account was given. */
  readonly restPort: HeldPort;
  readonly webhookUrl: string;
  readonly used: UsedFlex;
}

/**
 * Starts Twilio, and somebody else's service for routing `external`, and provisions the account.
 * @throws StartError for a configuration that can't be used.
 */
export async function startFlex(options: FlexOptions, parts: RunningParts): Promise<Flex> {
  const { source, config, data, kept, pagePort, log, webhookTimeoutMs, wire } = options;
  const localConfig = readLocalConfig(source);
  const account = makeUpTwilioAccount(localConfig, data?.twilioAccount);
  const twilio = await startTwilio({
    account,
    port: kept.twilio,
    file: data?.twilio,
    log,
    watch: wire.watch,
    ...(webhookTimeoutMs !== undefined && { webhookTimeoutMs }),
  });
  parts.add(() => twilio.close());
  const router = await startExternalRouter({ account, twilioUrl: twilio.url, port: kept.router });
  parts.add(() => router.close());
  const restPort = await holdPort(kept.rest);
  parts.add(() => restPort.release());
  const webhookUrl = `http://127.0.0.1:${restPort.port}/${WEBHOOK_STAGE}`;
  if (localConfig.flex.plugin !== undefined) twilio.installPlugin(`${webhookUrl}/agent-signal`);
  writeLocalConfig(localConfig, config, { ...options, pagePort, externalUrl: router.url });
  await provision({ config, account, twilioUrl: twilio.url, webhookUrl });
  // The list of requests and the wire are to begin with the first chat.
  twilio.forgetRequests();
  wire.forget();
  const used = usedFlex(localConfig, options);
  return { account, twilio, routerUrl: router.url, restPort, webhookUrl, used };
}

/**
 * Sets the simulated account up for a configuration, by the code that sets up a real one. What
 * it makes is written into the configuration.
 */
async function provision(options: {
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
