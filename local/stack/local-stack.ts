/** The whole channel on this machine: the synthesized stack on emulators, with a simulated Twilio. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Assembly, outputOf } from '../assembly/assembly.ts';
import { readAssets } from '../assembly/assets.ts';
import { rewriteEndpoints } from '../assembly/public-endpoints.ts';
import { readAssembly } from '../assembly/read-assembly.ts';
import { leftAlone } from '../assembly/resource-types.ts';
import { systemClock } from '../clock.ts';
import type { TwilioAccount } from '../emulators/twilio/options.ts';
import type { TwilioSimulator } from '../emulators/twilio/start.ts';
import { servePages } from '../page-server.ts';
import { WireLog } from '../wire/wire-log.ts';
import { type Backend, type BackendSwitches, startBackend } from './backend.ts';
import { type DataDirectory, takeDataDirectory } from './data-directory.ts';
import { lockDirectory } from './directory-lock.ts';
import { startFlex } from './flex.ts';
import type { FlexChoice } from './local-config.ts';
import {
  createOperator,
  twilioSecrets,
  writeOperatorEnvironment,
  writeStackOutputs,
} from './operator.ts';
import { type HeldPort, holdPort, keepPorts, keptPorts, type Ports } from './ports.ts';
import { RunningParts } from './running-parts.ts';
import { type SynthesisOptions, synthesize } from './synthesize.ts';

const PROJECT = path.join(import.meta.dirname, '..', '..');
const DEFAULT_CONFIG = path.join(PROJECT, 'config', 'local.json');
const DEFAULT_PAGE_PORT = 3000;
const IN_USE =
  'It may be another npm start: stop that one, or pass --out <directory> and --port <number>';

export interface LocalStackOptions extends FlexChoice, BackendSwitches {
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
  /**
   * Test only: how long the simulated Twilio waits for a webhook. It repeats none, so that a cold
   * function on a busy machine would cost a test an event. @default as Twilio, 5 s
   */
  readonly webhookTimeoutMs?: number;
  /** Test only: a quicker way to the same cloud assembly. @default a process of its own */
  readonly synthesize?: (options: SynthesisOptions) => Promise<void>;
}

/** What a developer and a test need to know; also written to `<outDirectory>/outputs.json`. */
interface LocalOutputs {
  /** Where customers connect. */
  readonly CustomerSocketUrl: string;
  /** Where Twilio's webhooks go. */
  readonly WebhookUrl: string;
  /** The simulated Twilio: `<TwilioUrl>/<host>/<path>`. */
  readonly TwilioUrl: string;
  /** A shop with the widget, the agent's desk and the wire. */
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
  parts.add(lockDirectory(outDirectory, IN_USE));
  const out = (file: string) => path.join(outDirectory, file);
  const { data, kept, pagePort, socketPort } = await takePorts(options, parts);

  progress('Starting Twilio and setting it up …');
  const config = out('config.json');
  const { config: source = DEFAULT_CONFIG } = options;
  const wire = new WireLog({ now: () => systemClock.now() });
  const flexOptions = { ...options, source, config, data, kept, pagePort: pagePort.port, wire };
  const flex = await startFlex({ ...flexOptions, log: progress }, parts);
  const { account, twilio, restPort, used, webhookUrl } = flex;

  progress('Synthesizing the stacks …');
  const cdkOut = out('cdk.out');
  const order = { config, outDirectory: cdkOut, ...(signal && { signal }) };
  await (options.synthesize ?? synthesize)(order);
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
      logDirectory: out('logs'),
      log: progress,
      watch: wire.watch,
      data,
      switches: options,
    },
    parts,
  );
  addFaults(twilio, backend);
  const addresses = backendAddresses(assembly, backend);
  if (addresses.WebhookUrl !== webhookUrl) {
    throw new Error(`Twilio was set up for ${webhookUrl}, not for ${addresses.WebhookUrl}`);
  }
  const { CustomerSocketUrl: customerSocketUrl } = addresses;
  const twilioUrl = twilio.url;
  const page = await servePages({ ...pagePort, ...used, customerSocketUrl, twilioUrl, wire });
  parts.add(() => page.close());

  const outputs = { ...addresses, TwilioUrl: twilio.url, PageUrl: page.url };
  writeFileSync(out('outputs.json'), `${JSON.stringify(outputs, null, 2)}\n`);
  writeStackOutputs(out('stack-outputs.json'), assembly, backend.endpoints);
  const { url: awsUrl } = backend.frontDoor;
  writeOperatorEnvironment(out('operator.env'), operator, { awsUrl, account });
  keepPorts(data?.ports, {
    page: pagePort.port,
    twilio: portOf(twilio.url),
    router: portOf(flex.routerUrl),
    socket: backend.socket.port,
    rest: restPort.port,
  });
  return { ...backend, assembly, outputs, twilio, twilioAccount: account };
}

/** Lets `PUT /faults` of the simulated Twilio reach AWS, too. */
function addFaults(twilio: TwilioSimulator, { functions, socket, serviceFaults }: Backend): void {
  twilio.addFaults('lambda', (plan) => functions.faults.prepare(plan));
  twilio.addFaults('connections', (plan) => socket.faults.prepare(plan));
  for (const faults of serviceFaults) {
    twilio.addFaults(faults.service.name, (plan) => faults.prepare(plan));
  }
}

/** What is settled before anything starts. */
interface Taken {
  /** What outlives the run; undefined: nothing. */
  readonly data: DataDirectory | undefined;
  /** Of the last run; 0 for any free one. */
  readonly kept: Ports;
  readonly pagePort: HeldPort;
  readonly socketPort: HeldPort;
}

async function takePorts(
  { pagePort = DEFAULT_PAGE_PORT, dataDirectory, progress = () => {} }: LocalStackOptions,
  parts: RunningParts,
): Promise<Taken> {
  const data = dataDirectory === undefined ? undefined : takeDataDirectory(dataDirectory);
  parts.add(() => data?.release());
  const kept = await keptPorts(data?.ports, progress);
  const hold = async (port: number) => {
    const held = await holdPort(port);
    parts.add(() => held.release());
    return held;
  };
  return {
    data,
    kept,
    pagePort: await hold(pagePort === 0 ? kept.page : pagePort),
    socketPort: await hold(kept.socket),
  };
}

const portOf = (url: string): number => Number(new URL(url).port);

function backendAddresses(
  assembly: Assembly,
  { endpoints }: Backend,
): Pick<LocalOutputs, 'CustomerSocketUrl' | 'WebhookUrl'> {
  const local = (name: string) => rewriteEndpoints(outputOf(assembly, name), endpoints);
  return { CustomerSocketUrl: local('CustomerSocketUrl'), WebhookUrl: local('WebhookUrl') };
}
