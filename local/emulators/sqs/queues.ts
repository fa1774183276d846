import { type Assembly, resourcesOf } from '#local/assembly/assembly';
import type { Clock } from '#local/clock';
import { type RandomBytes, systemRandom } from '#local/random';
import type { AwsService } from '../aws/aws-service.ts';
import { LocalQueue, type QueueSurroundings } from './local-queue.ts';
import { type QueueSettings, readQueueSettings } from './queue-settings.ts';
import { MemoryQueueStore, type QueueStore } from './queue-store.ts';
import { SqsService } from './sqs-service.ts';

export interface QueuesOptions {
  readonly clock: Clock;
  readonly random?: RandomBytes;
  /** Where messages are kept; by default they end with the process. */
  readonly store?: QueueStore;
}

/** All queues of an assembly. */
export interface Queues {
  /** What the front door passes calls to. */
  readonly service: AwsService;
  readonly all: readonly LocalQueue[];
  /** @throws Error for an ARN that is none of a queue. */
  byArn(queueArn: string): LocalQueue;
  /** Stops all timers. */
  close(): void;
}

/** @throws Error naming queue and property when the template asks for what is not emulated or not allowed. */
export function createQueues(assembly: Assembly, options: QueuesOptions): Queues {
  const { clock, random = systemRandom, store = new MemoryQueueStore() } = options;
  const settings = resourcesOf(assembly, 'AWS::SQS::Queue').map(readQueueSettings);
  const queues = connect(settings, { clock, random, store });
  return {
    service: new SqsService(new Map(queues.map((queue) => [queue.settings.name, queue])), clock),
    all: queues,
    byArn: (queueArn) => {
      const queue = queues.find(({ settings: { arn } }) => arn === queueArn);
      if (queue === undefined) throw new Error(`there is no queue ${queueArn}`);
      return queue;
    },
    close: () => {
      for (const queue of queues) queue.close();
    },
  };
}

/** Makes each queue after the one that takes its dead letters. */
function connect(all: readonly QueueSettings[], surroundings: QueueSurroundings): LocalQueue[] {
  const made = new Map<string, LocalQueue>();
  const make = (settings: QueueSettings): LocalQueue => {
    const existing = made.get(settings.arn);
    if (existing !== undefined) return existing;
    const target = deadLetterTarget(settings, all);
    const queue = new LocalQueue(settings, surroundings, target && make(target));
    made.set(settings.arn, queue);
    return queue;
  };
  return all.map(make);
}

function deadLetterTarget(
  source: QueueSettings,
  all: readonly QueueSettings[],
): QueueSettings | undefined {
  if (source.redrive === undefined) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = source.redrive;
  const target = all.find(({ arn }) => arn === deadLetterTargetArn);
  if (target === undefined) {
    throw new Error(`queue ${source.name}: its dead-letter queue ${deadLetterTargetArn} is absent`);
  }
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1_000) {
    throw new Error(`queue ${source.name}: maxReceiveCount is an integer from 1 to 1000`);
  }
  if (target.isFifo !== source.isFifo) {
    throw new Error(`queue ${source.name}: its dead-letter queue has to be of the same kind`);
  }
  if (!admits(target, source.arn) || target.arn === source.arn) {
    throw new Error(`queue ${source.name}: ${target.name} does not admit its dead letters`);
  }
  return target;
}

function admits({ redriveAllow }: QueueSettings, sourceArn: string): boolean {
  switch (redriveAllow?.redrivePermission) {
    case 'denyAll':
      return false;
    case 'byQueue':
      return redriveAllow.sourceQueueArns?.includes(sourceArn) ?? false;
    default:
      return true;
  }
}
