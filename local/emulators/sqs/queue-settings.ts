import type { Resource } from '#local/assembly/assembly';
import { arn } from '#local/assembly/physical-ids';

/** One queue as the template configures it. */
export interface QueueSettings {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly isFifo: boolean;
  /** How long a message is held back that says nothing else; standard queues only. */
  readonly delayMs: number;
  /** This and the next two mean something for FIFO queues only. */
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

const FIFO_ONLY = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoQueue',
  'FifoThroughputLimit',
];

/** Encryption at rest, tags and names have no effect here. */
const KNOWN = [
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
];

/** @throws Error for a property that the emulator does not know, or that this kind of queue does not have. */
export function readQueueSettings(resource: Resource): QueueSettings {
  const { properties, physicalId: url, logicalId } = resource;
  const isFifo = properties['FifoQueue'] === true;
  const known = [...KNOWN, ...(isFifo ? FIFO_ONLY : ['DelaySeconds'])];
  const unknown = Object.keys(properties).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`queue ${logicalId}: ${unknown.join(', ')} is not emulated`);
  }
  const name = queueNameIn(url);
  if (isFifo !== name.endsWith('.fifo')) {
    throw new Error(`queue ${logicalId}: the name of a FIFO queue, and no other, ends in .fifo`);
  }
  const redrive: RedrivePolicy | undefined = properties['RedrivePolicy'];
  const redriveAllow: RedriveAllowPolicy | undefined = properties['RedriveAllowPolicy'];
  return {
    name,
    url,
    arn: arn('sqs', name),
    isFifo,
    delayMs: seconds(properties['DelaySeconds'] ?? 0),
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

/** @param url or the name itself. */
export const queueNameIn = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

const seconds = (value: number): number => Number(value) * 1_000;
