/** The whole channel on this machine: the synthesized stack on emulators, with a simulated Twilio. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Assembly } from '../assembly/assembly.ts';
import { readAssets } from '../assembly/assets.ts';
import { rewriteEndpoints } from '../assembly/public-endpoints.ts';
import { readAssembly } from '../assembly/read-assembly.ts';
import { leftAlone } from '../assembly/resource-types.ts';
import type { TwilioAccount } from '../emulators/twilio/options.ts';
import { startTwilio, type TwilioSimulator } from '../emulators/twilio/start.ts';
import { startExternalRouter } from '../external-router.ts';
import { servePages } from '../page-server.ts';
import { type Backend, type BackendOptions, startBackend } from './backend.ts';
import { type DataDirectory, takeDataDirectory } from './data-directory.ts';
import { keepPorts, keptPorts, type Ports } from './kept-ports.ts';
import { type FlexChoice, readLocalConfig, writeLocalConfig } from './local-config.ts';
import { createOperator, writeOperatorEnvironment, writeStackOutputs } from './operator.ts';
import { type HeldPort, holdPort } from './page-port.ts';
import { provisionLocally } from './provisioning.ts';
import { RunningParts } from './running-parts.ts';
import { synthesize } from './synthesize.ts';
import { makeUpTwilioAccount } from './twilio-account.ts';

const PROJECT = path.join(import.meta.dirname, '..', '..');
const DEFAULT_PAGE_PORT = 3000;

/** Of the REST API, as the app names it: its address is needed before the app is synthesized. */
const WEBHOOK_STAGE = 'prod';

export interface LocalStackOptions extends FlexChoice {
  /** Port of the page; 0 picks a free one. @default 3000 */
  readonly pagePort?: number;
  /** Configuration to start from. @default config/local.json */
  readonly config?: string;
  /** Where everything that is written goes. @default .local */
  readonly outDirectory?: string;
  /** Keeps everything from one run to the next, also over a kill. @default it ends with the process */
  readonly dataDirectory?: string;
  /** Cancels a start that is under way. */
  readonly signal?: AbortSignal;
  /** Told what is being done, and of every call that was refused. @default silence */
  readonly progress?: (line: string) => void;
  /** Sees each invocation of a function first. */
  readonly beforeInvoke?: BackendOptions['beforeInvoke'];
  /**
   * Test only: a letter that failed comes again after this many milliseconds at the latest, so
   * that a test of a crash need not wait for the visibility timeout. @default as the queue says
   */
  readonly redeliveryMs?: number;
  /**
   * Test only: how long the simulated Twilio waits for a webhook. It repeats none, so that a cold
   * function on a busy machine would cost a test an event. @default as Twilio, 5 s
   */
  readonly webhookTimeoutMs?: number;
  /**
   * Test only: other values of variables that functions have, so that a test need not wait for
   * minutes. @default as the stack says
   */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a developer and a test need to know; also written to `<outDirectory>/outputs.json`. */
interface LocalOutputs {
  /** Where customers connect. */
  readonly CustomerSocketUrl: string;
  /** Where Twilio's webhooks go. */
  readonly WebhookUrl: string;
  /** The simulated Twilio: `<TwilioUrl>/<host>/<path>`. */
  readonly TwilioUrl: string;
  /** The customer's page and the agent's desk. */
  readonly PageUrl: string;
}

/** The running channel; its parts are there for tests. */
export interface LocalStack extends Backend {
  readonly outputs: LocalOutputs;
  readonly assembly: Assembly;
  readonly twilio: TwilioSimulator;
  readonly twilioAccount: TwilioAccount;
  /** Ends everything; harmless when repeated. */
  stop(): Promise<void>;
}

/**
 * Synthesizes the app, starts every emulator on 127.0.0.1 and runs the bundles.
 *
 * @throws StartError for what its user can mend: a port in use, a configuration that cannot be
 *   used, an app that cannot be synthesized. Nothing is left running then.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const parts = new RunningParts();
  try {
    const stack = await start(options, parts);
    return { ...stack, stop: () => parts.stop() };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

async function start(
  options: LocalStackOptions,
  parts: RunningParts,
): Promise<Omit<LocalStack, 'stop'>> {
  const { progress = () => {}, outDirectory = path.join(PROJECT, '.local'), signal } = options;
  mkdirSync(outDirectory, { recursive: true });
  const run = await prepareRun(options, outDirectory, parts);
  const { data, pagePort } = run;

  progress('Starting Twilio and setting it up …');
  const flex = await startFlex(options, run, parts);
  const { account, twilio, routerUrl, restPort, socketPort, webhookUrl } = flex;

  progress('Synthesizing the stacks …');
  const cdkOut = path.join(outDirectory, 'cdk.out');
  await synthesize({ config: run.config, outDirectory: cdkOut, ...(signal && { signal }) });
  const assembly = readAssembly(cdkOut);
  progress(`Left alone: ${leftAlone(assembly).join(', ')}`);

  progress('Starting AWS and the pages …');
  const operator = createOperator(assembly);
  const backend = await startBackend(
    {
      assembly,
      operator,
      assets: readAssets(cdkOut),
      secretValues: twilioSecrets(assembly, account),
      twilioUrl: twilio.url,
      restPort,
      socketPort,
      logDirectory: path.join(outDirectory, 'logs'),
      log: progress,
      data,
      ...(options.beforeInvoke !== undefined && { beforeInvoke: options.beforeInvoke }),
      ...(options.redeliveryMs !== undefined && { redeliveryMs: options.redeliveryMs }),
      ...(options.environment !== undefined && { environment: options.environment }),
    },
    parts,
  );
  twilio.addFaults('lambda', (plan) => backend.functions.faults.prepare(plan));
  twilio.addFaults('connections', (plan) => backend.socket.faults.prepare(plan));
  const addresses = backendAddresses(assembly, backend);
  if (addresses.WebhookUrl !== webhookUrl) {
    throw new Error(`Twilio was set up for ${webhookUrl}, not for ${addresses.WebhookUrl}`);
  }
  const { CustomerSocketUrl: customerSocketUrl } = addresses;
  const page = await servePages({ ...pagePort, customerSocketUrl, twilioUrl: twilio.url });
  parts.add(() => page.close());

  const outputs = { ...addresses, TwilioUrl: twilio.url, PageUrl: page.url };
  const out = (file: string) => path.join(outDirectory, file);
  writeFileSync(out('outputs.json'), `${JSON.stringify(outputs, null, 2)}\n`);
  writeStackOutputs(out('stack-outputs.json'), assembly, backend.endpoints);
  const { url: awsUrl } = backend.frontDoor;
  writeOperatorEnvironment(out('operator.env'), operator, { awsUrl, account });
  keepPorts(data?.ports, {
    page: pagePort.port,
    twilio: portOf(twilio.url),
    router: portOf(routerUrl),
    socket: backend.socket.port,
    rest: restPort.port,
  });
  return { ...backend, assembly, outputs, twilio, twilioAccount: account };
}

/** What is settled before anything starts. */
interface Run {
  /** Configuration of this run. */
  readonly config: string;
  /** What outlives the run; undefined: nothing. */
  readonly data: DataDirectory | undefined;
  /** Of the last run; 0 for any free one. */
  readonly kept: Ports;
  readonly pagePort: HeldPort;
}

async function prepareRun(
  { pagePort = DEFAULT_PAGE_PORT, dataDirectory, progress = () => {} }: LocalStackOptions,
  outDirectory: string,
  parts: RunningParts,
): Promise<Run> {
  const data = dataDirectory === undefined ? undefined : takeDataDirectory(dataDirectory);
  parts.add(() => data?.release());
  const kept = await keptPorts(data?.ports, progress);
  const held = await holdPort(pagePort === 0 ? kept.page : pagePort);
  parts.add(() => held.release());
  return {
    config: path.join(outDirectory, 'config.json'),
    data,
    kept,
    pagePort: held,
  };
}

/** Twilio as provisioned for this run, and somebody else's service for routing `external`. */
async function startFlex(
  options: LocalStackOptions,
  { config, data, kept, pagePort }: Run,
  parts: RunningParts,
) {
  const localConfig = readLocalConfig(options.config ?? path.join(PROJECT, 'config', 'local.json'));
  const account = makeUpTwilioAccount(localConfig, data?.twilioAccount);
  const { progress: log = () => {}, webhookTimeoutMs } = options;
  const twilio = await startTwilio({
    account,
    port: kept.twilio,
    file: data?.twilio,
    log,
    ...(webhookTimeoutMs !== undefined && { webhookTimeoutMs }),
  });
  parts.add(() => twilio.close());
  const router = await startExternalRouter({ account, twilioUrl: twilio.url, port: kept.router });
  parts.add(() => router.close());
  const restPort = await holdPort(kept.rest);
  parts.add(() => restPort.release());
  const socketPort = await holdPort(kept.socket);
  parts.add(() => socketPort.release());
  const webhookUrl = `http://127.0.0.1:${restPort.port}/${WEBHOOK_STAGE}`;
  const run = { ...options, pagePort: pagePort.port, externalUrl: router.url };
  writeLocalConfig(localConfig, config, run);
  await provisionLocally({ config, account, twilioUrl: twilio.url, webhookUrl });
  // The desk's list of requests is to begin with the first chat.
  twilio.forgetRequests();
  return { account, twilio, routerUrl: router.url, restPort, socketPort, webhookUrl };
}

const portOf = (url: string): number => Number(new URL(url).port);

/** What a deployment's operator puts into the secrets by hand. */
function twilioSecrets(assembly: Assembly, account: TwilioAccount): Record<string, string> {
  const [apiKey] = account.apiKeys;
  return {
    [output(assembly, 'TwilioApiKeySecretArn')]: JSON.stringify({
      keySid: apiKey?.sid,
      keySecret: apiKey?.secret,
    }),
    [output(assembly, 'TwilioAuthTokenSecretArn')]: JSON.stringify({ primary: account.authToken }),
  };
}

function backendAddresses(
  assembly: Assembly,
  { endpoints }: Backend,
): Pick<LocalOutputs, 'CustomerSocketUrl' | 'WebhookUrl'> {
  const local = (name: string) => rewriteEndpoints(output(assembly, name), endpoints);
  return { CustomerSocketUrl: local('CustomerSocketUrl'), WebhookUrl: local('WebhookUrl') };
}

function output(assembly: Assembly, name: string): string {
  const value = assembly.outputs[name];
  if (value === undefined) throw new Error(`The stacks have no output ${name}`);
  return value;
}
