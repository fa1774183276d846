import type { Parameters } from '../aws/json-protocol.ts';
import { refuseOthers } from './parameters.ts';
import { missingParameter, SqsError, simpleQueueError } from './sqs-error.ts';

const MAX_ENTRIES = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/**
 * Runs one action for each entry. An entry that is refused does not stop the others.
 * @throws SqsError when the batch as a whole is malformed; nothing was done then.
 */
export function runBatch(
  parameters: Parameters,
  run: (entry: Parameters) => Record<string, unknown>,
): Record<string, unknown> {
  refuseOthers(parameters, ['QueueUrl', 'Entries']);
  const successful: Record<string, unknown>[] = [];
  const failed: Record<string, unknown>[] = [];
  for (const entry of batchEntries(parameters)) {
    try {
      successful.push({ Id: entry['Id'], ...run(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      const { queryCode, message } = error;
      failed.push({ Id: entry['Id'], Code: queryCode, Message: message, SenderFault: true });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}

export function batchEntries(parameters: Parameters): readonly Parameters[] {
  const entries = parameters['Entries'];
  if (!Array.isArray(entries)) throw missingParameter('Entries');
  if (entries.length === 0) {
    throw simpleQueueError(
      'EmptyBatchRequest',
      'EmptyBatchRequest',
      'There should be at least one entry in the request.',
    );
  }
  if (entries.length > MAX_ENTRIES) {
    throw simpleQueueError(
      'TooManyEntriesInBatchRequest',
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  refuseBadIds(entries.map((entry) => entry?.Id));
  return entries;
}

function refuseBadIds(ids: readonly unknown[]): void {
  if (ids.some((id) => typeof id !== 'string' || !ENTRY_ID.test(id))) {
    throw simpleQueueError(
      'InvalidBatchEntryId',
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const repeated = ids.find((id, position) => ids.indexOf(id) !== position);
  if (repeated !== undefined) {
    throw simpleQueueError(
      'BatchEntryIdsNotDistinct',
      'BatchEntryIdsNotDistinct',
      `Id ${repeated} repeated.`,
    );
  }
}
