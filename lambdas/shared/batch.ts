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
 * A record that failed on its last delivery is given up, and the group goes on: the queue sets
 * it aside on its own, and those behind it, delivered as often, would follow without a try.
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
    try {
      await handling.handle(record);
    } catch (error) {
      handling.failed(record, error);
      if (receiveCount(record) < handling.maxReceiveCount) {
        const rest = records.slice(position);
        // If this fails the queue's own visibility timeout brings them back.
        await handling.retryLater(rest, error).catch((cause) => handling.failed(record, cause));
        return [...failed, ...rest];
      }
      failed.push(record);
      await handling.giveUp(record).catch((cause) => handling.failed(record, cause));
    }
  }
  return failed;
}
