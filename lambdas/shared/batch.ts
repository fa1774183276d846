import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

export interface BatchHandling {
  /** Deliveries of a record before the queue sets it aside. */
  readonly maxReceiveCount: number;
  handle(record: SQSRecord): Promise<void>;
  /** Told of each failure of `handle`. */
  failed(record: SQSRecord, error: unknown): void;
  /** The record failed on its last delivery. */
  giveUp(record: SQSRecord): Promise<void>;
  /** Keeps the records of one group back for a while, `error` being why the first of them failed. */
  retryLater(records: readonly SQSRecord[], error: unknown): Promise<void>;
}

/**
 * Works through a FIFO batch: groups side by side, the records of one group one after
 * another. The first failure of a group fails the rest of it, which keeps its order. All of
 * them are kept back alike: a group stays blocked until its last record is visible again.
 *
 * A record that failed on its last delivery is given up. Those behind it that were delivered as
 * often are tried all the same, or the queue would set them aside without; it does so with the
 * given up one when that would come again.
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
  const isLast = (record?: SQSRecord): boolean =>
    record !== undefined && receiveCount(record) >= handling.maxReceiveCount;
  const failed: SQSRecord[] = [];
  let lastError: unknown;
  for (const [position, record] of records.entries()) {
    try {
      await handling.handle(record);
    } catch (error) {
      lastError = error;
      handling.failed(record, error);
      failed.push(record);
      if (isLast(record)) await giveUp(record, handling);
      if (isLast(record) && isLast(records[position + 1])) continue;
      failed.push(...records.slice(position + 1));
      break;
    }
  }
  await keepBack(failed, lastError, handling);
  return failed;
}

/** It is set aside whether or not the customer could be told. */
async function giveUp(record: SQSRecord, handling: BatchHandling): Promise<void> {
  await handling.giveUp(record).catch((cause) => handling.failed(record, cause));
}

/** If this fails the queue's own visibility timeout brings them back. */
async function keepBack(
  records: readonly SQSRecord[],
  error: unknown,
  handling: BatchHandling,
): Promise<void> {
  const [first] = records;
  if (first === undefined) return;
  await handling.retryLater(records, error).catch((cause) => handling.failed(first, cause));
}
