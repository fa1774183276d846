import type { Assembly, Resource } from '#local/assembly/assembly';
import type { LocalQueue } from '#local/emulators/sqs/local-queue';
import type { NewMessage } from '#local/emulators/sqs/queue-messages';
import { MemoryQueueStore, type QueueStore } from '#local/emulators/sqs/queue-store';
import { createQueues } from '#local/emulators/sqs/queues';
import { ManualClock } from '#test/support/manual-clock';

export const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:ToFlex.fifo';
export const DEAD_ARN = 'arn:aws:sqs:us-east-1:000000000000:DeadLetters.fifo';
export const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/000000000000/ToFlex.fifo';
export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:Deliver';

export function aResource(
  type: string,
  physicalId: string,
  properties: Resource['properties'],
): Resource {
  return {
    stack: 'Chat',
    logicalId: physicalId.split('/').at(-1) as string,
    type,
    physicalId,
    properties,
    createdAfter: [],
  };
}

export function aQueueResource(name: string, properties: Resource['properties'] = {}): Resource {
  const url = `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;
  return aResource('AWS::SQS::Queue', url, {
    ...(name.endsWith('.fifo') && { FifoQueue: true }),
    ...properties,
  });
}

/** Visibility 60 s, three receives, and the queue for what failed three times. */
export function queueResources(overrides: Resource['properties'] = {}): Resource[] {
  return [
    aQueueResource('ToFlex.fifo', {
      VisibilityTimeout: 60,
      RedrivePolicy: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 3 },
      ...overrides,
    }),
    aQueueResource('DeadLetters.fifo', { MessageRetentionPeriod: 1_209_600 }),
  ];
}

export function mappingResources(overrides: Resource['properties'] = {}): Resource[] {
  return [
    aResource('AWS::Lambda::Function', 'Deliver', { Timeout: 10 }),
    aResource('AWS::Lambda::EventSourceMapping', 'mapping', {
      EventSourceArn: QUEUE_ARN,
      FunctionName: 'Deliver',
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
      ...overrides,
    }),
  ];
}

export function anAssembly(...resources: Resource[]): Assembly {
  return { resources, outputs: {} };
}

/** Counts up, so that ids differ and tests are the same each time. */
export function countingRandom() {
  let next = 0;
  return (count: number) => {
    next += 1;
    const bytes = Buffer.alloc(count);
    bytes.writeUInt32BE(next, count - 4);
    return bytes;
  };
}

/** The queue `ToFlex.fifo` on a clock that stands still. */
export function aQueue(
  overrides: Resource['properties'] = {},
  store: QueueStore = new MemoryQueueStore(),
  random = countingRandom(),
) {
  const clock = new ManualClock();
  const assembly = anAssembly(...queueResources(overrides));
  const queues = createQueues(assembly, { clock, random, store });
  return { clock, queues, queue: queues.byArn(QUEUE_ARN), deadLetters: queues.byArn(DEAD_ARN) };
}

let sends = 0;

/** Sends with a new deduplication id, if none is given. */
export function send(queue: LocalQueue, groupId: string, body: string, id?: string) {
  sends += 1;
  const message: NewMessage = {
    groupId,
    body,
    deduplicationId: id ?? `send-${sends}`,
    attributes: {},
  };
  return queue.send(message);
}

export const bodies = (messages: readonly { body: string }[]): string[] =>
  messages.map(({ body }) => body);
