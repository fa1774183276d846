import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

export interface BatchFailure {
  readonly record: SQSRecord;
  readonly error: unknown;
}

export interface BatchHandling {
  /** On so many deliveries a record is handled; on a further one comes its final check. */
  readonly maxTries: number;
  handle(record: SQSRecord): Promise<void>;
  /**
   * The record was handled too often, and each time without success, as far as is known. May be
   * called once more for the same one.
   * @returns whether it turned out to be done; else the queue dead-letters it.
   */
  checkFinally(record: SQSRecord): Promise<boolean>;
  /** Whether there is time for one more record. */
  hasTime(): boolean;
  /** Told of each failure of the others. */
  failed(record: SQSRecord, error: unknown): void;
  /**
   * Keeps records of one group back for a while.
   * @param failure which of them failed; absent: nothing speaks against having them again at once.
   */
  retryLater(records: readonly SQSRecord[], failure?: BatchFailure): Promise<void>;
}

/**
 * Works through a FIFO batch: groups side by side, the records of one group one after
 * another. The first failure of a group fails the rest of it, which keeps its order. All of
 * them are kept back alike: a group stays blocked until its last record is visible again.
 *
 * What there is no time for comes again at once: a batch that is cut off by the function's
 * time-out would be delivered as a whole once more, what was done of it included.
 *
 * Source: Lambda developer guide, "Implementing partial batch responses" (FIFO queues).
 */
export async function forEachRecord(
  event: SQSEvent,
  handling: BatchHandling,
): Promise<SQSBatchResponse> {
  const groups = Map.groupBy(
    event.Records,
    (record) => record.attributes.MessageGroupId ?? record.messageId,
  );
  const failed = await Promise.all(
    [...groups.values()].map((records) => workThrough(records, handling)),
  );
  return {
    batchItemFailures: failed.flat().map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

/** How often a record was delivered, this time included. */
export function receiveCount(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}

/** @returns the records that failed. */
async function workThrough(
  records: readonly SQSRecord[],
  handling: BatchHandling,
): Promise<readonly SQSRecord[]> {
  const failed: SQSRecord[] = [];
  for (const [position, record] of records.entries()) {
    const rest = records.slice(position);
    if (position > 0 && !handling.hasTime()) return keepBack([...failed, ...rest], handling);
    if (isOver(record, position, handling)) {
      if (!(await isDone(record, handling))) failed.push(record);
      continue;
    }
    try {
      await handling.handle(record);
    } catch (error) {
      handling.failed(record, error);
      return keepBack([...failed, ...rest], handling, { record, error });
    }
  }
  return keepBack(failed, handling);
}

/**
 * On the first delivery beyond its tries only the first record of a group gets its final check: it has
 * failed each time, so that those behind it were delivered as often, and never tried. On the
 * last one, all are, also those that have not got their try for want of time.
 */
function isOver(record: SQSRecord, position: number, { maxTries }: BatchHandling): boolean {
  const beyond = receiveCount(record) - maxTries;
  return beyond > (position === 0 ? 0 : 1);
}

async function isDone(record: SQSRecord, handling: BatchHandling): Promise<boolean> {
  try {
    return await handling.checkFinally(record);
  } catch (error) {
    handling.failed(record, error);
    return false;
  }
}

/** If this fails the queue's own visibility timeout brings them back. */
async function keepBack(
  records: readonly SQSRecord[],
  handling: BatchHandling,
  failure?: BatchFailure,
): Promise<readonly SQSRecord[]> {
  const [first] = records;
  if (first === undefined) return [];
  try {
    await handling.retryLater(records, failure);
  } catch (error) {
    handling.failed(first, error);
  }
  return records;
}
