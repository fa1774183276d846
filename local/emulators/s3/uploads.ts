import { type Assembly, resourcesOf } from '#local/assembly/assembly';
import { systemClock } from '#local/clock';
import type { Caller } from '../aws/callers.ts';
import type { FrontDoor } from '../aws/front-door.ts';
import type { Queues } from '../sqs/queues.ts';
import { LocalBucket } from './bucket.ts';
import { startBucketServer } from './bucket-server.ts';
import { objectEvents } from './object-events.ts';

/** The bucket of customers' files, at its own address. */
export interface Uploads {
  readonly bucket: LocalBucket;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @returns undefined where the stacks have none.
 * @throws Error where they have several: only one has an address here.
 */
export function createBucket(assembly: Assembly): LocalBucket | undefined {
  const [resource, ...others] = resourcesOf(assembly, 'AWS::S3::Bucket');
  if (others.length > 0) throw new Error('Expected one AWS::S3::Bucket at most');
  return resource && new LocalBucket(resource);
}

export async function startUploads(options: {
  readonly assembly: Assembly;
  readonly bucket: LocalBucket;
  readonly callers: readonly Caller[];
  readonly queues: Queues;
  readonly frontDoor: FrontDoor;
  readonly log: (line: string) => void;
}): Promise<Uploads> {
  const { assembly, bucket, queues, frontDoor, ...rest } = options;
  const nowMs = () => systemClock.now();
  const server = await startBucketServer({
    ...rest,
    bucket,
    nowMs,
    answer: (request) => frontDoor.answer(request),
    tell: objectEvents(assembly, bucket, queues, nowMs),
  });
  return { bucket, ...server };
}
