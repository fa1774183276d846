/** The AWS side of the local stack: emulators behind one front door, and the functions. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Assembly } from '../assembly/assembly.ts';
import type { PublicEndpoints } from '../assembly/public-endpoints.ts';
import { systemClock } from '../clock.ts';
import { type RestApi, startRestApi } from '../emulators/api-gateway/rest/rest-api.ts';
import { type SocketApi, startSocketApi } from '../emulators/api-gateway/socket/socket-api.ts';
import { type Caller, createCallers } from '../emulators/aws/callers.ts';
import { type FrontDoor, startFrontDoor } from '../emulators/aws/front-door.ts';
import { isAllowed } from '../emulators/aws/iam.ts';
import { ServiceFaults } from '../emulators/aws/service-faults.ts';
import { type DynamoDb, startDynamoDb } from '../emulators/dynamodb/start.ts';
import { FunctionLogs } from '../emulators/lambda/function-logs.ts';
import { type RunnerOptions, ThreadFunctionRunner } from '../emulators/lambda/function-runner.ts';
import { readFunctions } from '../emulators/lambda/function-settings.ts';
import { ObjectService } from '../emulators/s3/object-service.ts';
import { createBucket, startUploads, type Uploads } from '../emulators/s3/uploads.ts';
import { createSecrets, type Secrets } from '../emulators/secrets/secrets.ts';
import type { BatchFailure } from '../emulators/sqs/event-source-mapping.ts';
import {
  type EventSourceMappings,
  startEventSourceMappings,
} from '../emulators/sqs/event-source-mappings.ts';
import { FileQueueStore } from '../emulators/sqs/file-queue-store.ts';
import { MemoryQueueStore } from '../emulators/sqs/queue-store.ts';
import { createQueues, type Queues } from '../emulators/sqs/queues.ts';
import { watchedQueueStore } from '../wire/watched-queue-store.ts';
import type { Watch } from '../wire/wire.ts';
import type { DataDirectory } from './data-directory.ts';
import { functionEnvironment, type LocalAddresses } from './function-environment.ts';
import type { HeldPort } from './ports.ts';
import { localEndpoints } from './public-addresses.ts';
import type { RunningParts } from './running-parts.ts';

/** What a batch that runs gets at the end before it is cut off. */
const GRACE_MS = 1_000;

export interface BackendOptions {
  readonly assembly: Assembly;
  /** Directory of each bundle, by object key. */
  readonly assets: ReadonlyMap<string, string>;
  /** Calls AWS beside the functions. */
  readonly operator: Caller;
  /** Values of secrets that AWS does not make up, by ARN. */
  readonly secretValues: Readonly<Record<string, string>>;
  readonly twilioUrl: string;
  /** Of the REST API: webhooks were registered with it before this starts. */
  readonly restPort: HeldPort;
  /** Takes one log file for each function. */
  readonly logDirectory: string;
  readonly socketPort: HeldPort;
  /** Keeps tables, queues and secrets; without it they live in memory. */
  readonly data?: DataDirectory | undefined;
  /** Told of every call that was refused and every batch that failed. */
  readonly log: (line: string) => void;
  /** Sees frames, events, pushes and letters. */
  readonly watch: Watch;
  readonly switches: BackendSwitches;
}

/** What only tests and measurements ask for. */
export interface BackendSwitches {
  /** Sees each invocation of a function first. */
  readonly beforeInvoke?: NonNullable<RunnerOptions['beforeInvoke']>;
  /** Told how long each took. */
  readonly afterInvoke?: NonNullable<RunnerOptions['afterInvoke']>;
  /**
   * A letter that failed comes again after this many milliseconds at the latest, so that a test of
   * a crash need not wait for the visibility timeout. @default as the queue says
   */
  readonly redeliveryMs?: number;
  /**
   * A function is ended after so many times its timeout: it learns of no other deadline, but a copy
   * that starts on a busy machine is slower than Lambda's. @default 1
   */
  readonly patience?: number;
  /** Of each function at once: every copy costs the machine a quarter of a second. @default by its cores */
  readonly copies?: number;
  /**
   * Other values of variables that functions have, so that a test need not wait for minutes.
   * @default as the stack says
   */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Backend {
  /** Has the audit of all calls. */
  readonly frontDoor: FrontDoor;
  /** Of DynamoDB, SQS and Secrets Manager. */
  readonly serviceFaults: readonly ServiceFaults[];
  readonly endpoints: PublicEndpoints;
  readonly dynamodb: DynamoDb;
  readonly queues: Queues;
  readonly mappings: EventSourceMappings;
  readonly secrets: Secrets;
  readonly socket: SocketApi;
  readonly rest: RestApi;
  /** Where customers' files go; only where they may send some. */
  readonly uploads: Uploads | undefined;
  readonly functions: ThreadFunctionRunner;
  readonly logs: FunctionLogs;
}

/** @param parts gets what was started, also when a later part fails. */
export async function startBackend(options: BackendOptions, parts: RunningParts): Promise<Backend> {
  const { assembly, operator, log, twilioUrl, restPort, socketPort, watch } = options;
  const callers = [...createCallers(assembly), operator];
  const state = await startState(options, parts);

  // The functions need the addresses of servers that need the functions.
  let addresses: LocalAddresses | undefined;
  const { functions, logs } = startFunctions(options, callers, () => addresses, parts);
  await socketPort.release();
  const socket = await startSocketApi({ assembly, functions, port: socketPort.port, watch });
  parts.add(() => socket.close());
  await restPort.release();
  const rest = await startRestApi({ assembly, functions, port: restPort.port });
  parts.add(() => rest.close());

  for (const id of [...socket.leftOut, ...rest.leftOut]) {
    log(`${id} is not served: nothing makes CloudFormation create it before the stage`);
  }

  const { dynamodb, queues, secrets } = state;
  const serviceFaults = [dynamodb, queues, secrets].map(
    ({ service }) => new ServiceFaults(service, systemClock),
  );
  const bucket = createBucket(assembly);
  const services = [...serviceFaults.map(({ service }) => service), socket.service];
  if (bucket) services.push(new ObjectService(bucket));
  const frontDoor = await startFrontDoor({ callers, services, log });
  parts.add(() => frontDoor.stop());
  const uploads =
    bucket && (await startUploads({ assembly, bucket, callers, queues, frontDoor, log }));
  parts.add(() => uploads?.close());
  const served = { socket, rest, awsUrl: frontDoor.url, uploads };
  const endpoints = localEndpoints(served);
  addresses = { awsUrl: frontDoor.url, twilioUrl, endpoints };

  const mappings = startMappings(options, callers, queues, functions);
  parts.add(async () => {
    const closed = mappings.close();
    await Promise.race([closed, delay(GRACE_MS, undefined, { ref: false })]);
    await functions.stop();
    await closed;
  });
  const apis = { socket, rest, uploads };
  return { ...state, ...apis, frontDoor, serviceFaults, endpoints, mappings, functions, logs };
}

async function startState(
  { assembly, secretValues, data, watch }: BackendOptions,
  parts: RunningParts,
): Promise<Pick<Backend, 'dynamodb' | 'queues' | 'secrets'>> {
  const dynamodb = await startDynamoDb({ assembly, ...(data && { path: data.tables }) });
  parts.add(() => dynamodb.close());
  const file = data && new FileQueueStore(data.queues);
  parts.add(() => file?.close());
  const store = watchedQueueStore(file ?? new MemoryQueueStore(), watch);
  const queues = createQueues(assembly, { clock: systemClock, store });
  parts.add(() => queues.close());
  const secrets = createSecrets(assembly, { file: data?.secrets });
  for (const [arn, value] of Object.entries(secretValues)) secrets.set(arn, value);
  return { dynamodb, queues, secrets };
}

function startFunctions(
  { assembly, assets, logDirectory, switches }: BackendOptions,
  callers: readonly Caller[],
  addresses: () => LocalAddresses | undefined,
  parts: RunningParts,
): Pick<Backend, 'functions' | 'logs'> {
  const { beforeInvoke, afterInvoke, copies, patience = 1 } = switches;
  const logs = new FunctionLogs(logDirectory);
  parts.add(() => logs.close());
  const functions = new ThreadFunctionRunner({
    functions: readFunctions(assembly, assets),
    environmentOf: (settings) =>
      functionEnvironment(settings, callers, addresses(), switches.environment),
    logs,
    patience,
    ...(copies !== undefined && { copies }),
    ...(beforeInvoke === undefined ? {} : { beforeInvoke }),
    ...(afterInvoke === undefined ? {} : { afterInvoke }),
  });
  parts.add(() => functions.stop());
  return { functions, logs };
}

function startMappings(
  { assembly, log, switches: { redeliveryMs } }: BackendOptions,
  callers: readonly Caller[],
  queues: Queues,
  functions: ThreadFunctionRunner,
): EventSourceMappings {
  return startEventSourceMappings({
    assembly,
    queues,
    functions,
    permits: (functionArn, action, resource) => {
      const caller = callers.find(({ name }) => functionArn.endsWith(`:${name}`));
      return caller !== undefined && isAllowed(caller.statements, { action, resource });
    },
    onFailure: (failure) => log(describeFailure(failure)),
    ...(redeliveryMs !== undefined && { redeliveryMs }),
  });
}

function describeFailure({ functionArn, messageIds, error }: BatchFailure): string {
  const name = functionArn.slice(functionArn.lastIndexOf(':') + 1);
  const reason = error === undefined ? '' : `: ${String(error)}`;
  return `${name} failed ${messageIds.length} message(s)${reason}`;
}
