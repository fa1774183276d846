import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

export interface BatchFailure {
  readonly record: SQSRecord;
  readonly error: unknown;
}

export interface BatchHandling {
  /** A record is handled on so many deliveries. On the next one it gets its final check. */
  readonly maxTries: number;
  handle(record: SQSRecord): Promise<void>;
  /**
   * Finds out whether a record is done that was handled too often without success. May be called
   * once more for the same record.
   * @returns false when it is not; then the queue dead-letters it.
   */
  checkFinally(record: SQSRecord): Promise<boolean>;
  /** Whether there is time for one more record. */
  hasTime(): boolean;
  /** Is told when one of the other methods fails. */
  failed(record: SQSRecord, error: unknown): void;
  /**
   * Keeps records of one group back for a while.
   * @param failure the one that failed; absent when none did, and they may come again at once.
   */
  retryLater(records: readonly SQSRecord[], failure?: BatchFailure): Promise<void>;
}

/**
 * Works through a FIFO batch: groups side by side, the records of one group one after
 * another. The first failure of a group fails the rest of it, which keeps its order. All of them are
 * kept back for the same time, as SQS delivers no record of a group while another one is hidden.
 *
 * Records that there is no time for are handed back, and come again at once. If the function's
 * time-out cut the batch off instead, SQS would deliver all of it again, what was done included.
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

/**
 * Works through a batch of a standard queue, side by side. A record that fails does not affect the
 * others, and comes again after its visibility timeout.
 * @param handle does one; its failure has been told when it returns false.
 */
export async function forEachAlone(
  { Records: records }: SQSEvent,
  handle: (record: SQSRecord) => Promise<boolean>,
): Promise<SQSBatchResponse> {
  const done = await Promise.all(records.map(handle));
  const failed = records.filter((_, index) => !done[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** How often a record was delivered, this time included. */
export function receiveCount(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}

/** When the record was put into the queue. */
export function sentAtMs(record: SQSRecord): number {
  return Number(record.attributes.SentTimestamp);
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
 * Whether a record gets its final check instead of another try. On the first delivery beyond its
 * tries only the first record of a group does: the ones behind it were delivered as often, but never
 * tried. On the last delivery all do, even those that there was never time for.
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

/** If this fails, the records come again after the queue's own visibility timeout. */
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
