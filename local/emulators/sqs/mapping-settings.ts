import { type Assembly, type Resource, resourcesOf } from '#local/assembly/assembly';
import { arn } from '#local/assembly/physical-ids';
import type { LocalQueue } from './local-queue.ts';
import type { Queues } from './queues.ts';

/** Which function works through which queue, and how. */
export interface MappingSettings {
  readonly functionArn: string;
  readonly queue: LocalQueue;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  /** Whether the function's answer names the records that failed. */
  readonly reportsFailures: boolean;
}

/** What a mapping does with the queue in the name of the function's role. Source: Lambda developer guide, "Using Lambda with Amazon SQS". */
export const MAPPING_ACTIONS = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
] as const;

/** A new account's limit for all functions together. */
const ACCOUNT_CONCURRENCY = 1_000;

const KNOWN = new Set([
  'BatchSize',
  'Enabled',
  'EventSourceArn',
  'FunctionName',
  'FunctionResponseTypes',
  'ScalingConfig',
  'Tags',
]);

/** @throws Error for what the emulator does not know and for what Lambda would refuse. */
export function readMappings(assembly: Assembly, queues: Queues): MappingSettings[] {
  return resourcesOf(assembly, 'AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties['Enabled'] !== false)
    .map((resource) => readMapping(resource, assembly, queues));
}

function readMapping(resource: Resource, assembly: Assembly, queues: Queues): MappingSettings {
  const { properties, logicalId } = resource;
  const fail = (reason: string): never => {
    throw new Error(`event source mapping ${logicalId}: ${reason}`);
  };
  const unknown = Object.keys(properties).filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) fail(`${unknown.join(', ')} is not emulated`);
  const queue = queues.byArn(properties['EventSourceArn']);
  const batchSize: number = properties['BatchSize'] ?? 10;
  if (batchSize < 1 || batchSize > 10) fail('BatchSize is 1 to 10 without a batching window');
  const limit: number | undefined = properties['ScalingConfig']?.['MaximumConcurrency'];
  if (limit !== undefined && (limit < 2 || limit > 1_000)) fail('MaximumConcurrency is 2 to 1000');
  const worker =
    functionNamed(properties['FunctionName'], assembly) ?? fail('its function is absent');
  if (queue.settings.visibilityTimeoutMs < worker.timeoutMs) {
    fail(`the visibility timeout of ${queue.settings.name} is shorter than the function's timeout`);
  }
  return {
    functionArn: worker.arn,
    queue,
    batchSize,
    maximumConcurrency: Math.min(limit ?? ACCOUNT_CONCURRENCY, worker.reservedConcurrency),
    reportsFailures: (properties['FunctionResponseTypes'] ?? []).includes(
      'ReportBatchItemFailures',
    ),
  };
}

/** @param name name or ARN. */
function functionNamed(name: string, assembly: Assembly) {
  const resource = resourcesOf(assembly, 'AWS::Lambda::Function').find(
    ({ physicalId }) => physicalId === name || functionArn(physicalId) === name,
  );
  return (
    resource && {
      arn: functionArn(resource.physicalId),
      timeoutMs: Number(resource.properties['Timeout'] ?? 3) * 1_000,
      reservedConcurrency:
        resource.properties['ReservedConcurrentExecutions'] ?? ACCOUNT_CONCURRENCY,
    }
  );
}

const functionArn = (name: string): string => arn('lambda', `function:${name}`);
