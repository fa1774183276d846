import type { Parameters } from '../aws/json-protocol.ts';
import type { LocalQueue } from './local-queue.ts';
import { refuseOthers, texts } from './parameters.ts';
import { SqsError } from './sqs-error.ts';

/** Answers GetQueueAttributes: the named attributes, or `All`. */
export function getQueueAttributes(
  queue: LocalQueue,
  parameters: Parameters,
): Record<string, unknown> {
  refuseOthers(parameters, ['QueueUrl', 'AttributeNames']);
  const names = texts(parameters, 'AttributeNames');
  const attributes = describeQueue(queue);
  const unknown = names.find((name) => name !== 'All' && !(name in attributes));
  if (unknown !== undefined) {
    throw new SqsError(
      'InvalidAttributeName',
      'InvalidAttributeName',
      `Unknown Attribute ${unknown}.`,
    );
  }
  const wanted = Object.entries(attributes).filter(
    ([name, value]) => value !== undefined && (names.includes('All') || names.includes(name)),
  );
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
}

/** Attributes that a queue does not have are undefined; SQS leaves them out. */
function describeQueue(queue: LocalQueue): Record<string, string | undefined> {
  const { settings } = queue;
  const seconds = (ms: number) => String(ms / 1_000);
  return {
    ApproximateNumberOfMessages: String(queue.waiting.length),
    ApproximateNumberOfMessagesDelayed: String(queue.delayed.length),
    ApproximateNumberOfMessagesNotVisible: String(queue.inFlight.length),
    DelaySeconds: seconds(settings.delayMs),
    ...(settings.isFifo && {
      ContentBasedDeduplication: String(settings.contentBasedDeduplication),
      DeduplicationScope: settings.deduplicationScope,
      FifoQueue: 'true',
      FifoThroughputLimit: settings.throughputLimit,
    }),
    MaximumMessageSize: String(settings.maxMessageBytes),
    MessageRetentionPeriod: seconds(settings.retentionMs),
    QueueArn: settings.arn,
    ReceiveMessageWaitTimeSeconds: seconds(settings.waitTimeMs),
    RedriveAllowPolicy: settings.redriveAllow && JSON.stringify(settings.redriveAllow),
    RedrivePolicy: settings.redrive && JSON.stringify(settings.redrive),
    VisibilityTimeout: seconds(settings.visibilityTimeoutMs),
  };
}
