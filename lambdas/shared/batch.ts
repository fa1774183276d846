import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/**
 * Works through a FIFO batch: groups side by side, the records of one group one after
 * another. The first failure of a group fails the rest of it, which keeps its order.
 *
 * Source: Lambda developer guide, "Implementing partial batch responses" (FIFO queues).
 */
export async function forEachRecord(
  event: SQSEvent,
  handle: (record: SQSRecord) => Promise<void>,
  onFailure: (record: SQSRecord, error: unknown) => void,
): Promise<SQSBatchResponse> {
  const groups = Map.groupBy(
    event.Records,
    (record) => record.attributes.MessageGroupId ?? record.messageId,
  );
  const failed = await Promise.all(
    [...groups.values()].map((records) => firstFailure(records, handle, onFailure)),
  );
  return {
    batchItemFailures: failed.flat().map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

/** @returns the failed record and those after it. */
async function firstFailure(
  records: readonly SQSRecord[],
  handle: (record: SQSRecord) => Promise<void>,
  onFailure: (record: SQSRecord, error: unknown) => void,
): Promise<readonly SQSRecord[]> {
  for (const [position, record] of records.entries()) {
    try {
      await handle(record);
    } catch (error) {
      onFailure(record, error);
      return records.slice(position);
    }
  }
  return [];
}
