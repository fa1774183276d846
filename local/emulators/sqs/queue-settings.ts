import type { Resource } from '#local/assembly/assembly';
import { arn } from '#local/assembly/physical-ids';
import { queueNameIn } from './queue-name.ts';

/** One queue as the template configures it. */
export interface QueueSettings {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly contentBasedDeduplication: boolean;
  readonly deduplicationScope: 'queue' | 'messageGroup';
  readonly throughputLimit: 'perQueue' | 'perMessageGroupId';
  readonly visibilityTimeoutMs: number;
  readonly retentionMs: number;
  /** Default wait of a receive, in milliseconds. */
  readonly waitTimeMs: number;
  readonly maxMessageBytes: number;
  readonly redrive?: RedrivePolicy;
  readonly redriveAllow?: RedriveAllowPolicy;
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns?: readonly string[];
}

/** Largest message with its attributes, and largest batch. Source: SQS developer guide, "Message quotas". */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Encryption at rest, tags and names have no effect here. */
const KNOWN = new Set([
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'QueueName',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'Tags',
  'VisibilityTimeout',
]);

/** @throws Error for a standard queue and for a property that the emulator does not know. */
export function readQueueSettings(resource: Resource): QueueSettings {
  const { properties, physicalId: url, logicalId } = resource;
  const unknown = Object.keys(properties).filter((name) => !KNOWN.has(name));
  if (unknown.length > 0) {
    throw new Error(`queue ${logicalId}: ${unknown.join(', ')} is not emulated`);
  }
  if (properties['FifoQueue'] !== true) {
    throw new Error(`queue ${logicalId}: standard queues are not emulated, FIFO queues only`);
  }
  const name = queueNameIn(url);
  if (!name.endsWith('.fifo')) {
    throw new Error(`queue ${logicalId}: the name of a FIFO queue ends in .fifo, not ${name}`);
  }
  const redrive: RedrivePolicy | undefined = properties['RedrivePolicy'];
  const redriveAllow: RedriveAllowPolicy | undefined = properties['RedriveAllowPolicy'];
  return {
    name,
    url,
    arn: arn('sqs', name),
    contentBasedDeduplication: properties['ContentBasedDeduplication'] ?? false,
    deduplicationScope: properties['DeduplicationScope'] ?? 'queue',
    throughputLimit: properties['FifoThroughputLimit'] ?? 'perQueue',
    visibilityTimeoutMs: seconds(properties['VisibilityTimeout'] ?? 30),
    retentionMs: seconds(properties['MessageRetentionPeriod'] ?? 4 * 24 * 60 * 60),
    waitTimeMs: seconds(properties['ReceiveMessageWaitTimeSeconds'] ?? 0),
    maxMessageBytes: properties['MaximumMessageSize'] ?? MAX_MESSAGE_BYTES,
    ...(redrive !== undefined && { redrive }),
    ...(redriveAllow !== undefined && { redriveAllow }),
  };
}

const seconds = (value: number): number => Number(value) * 1_000;
