/**
 * `accept-file`: puts uploaded files into the queue `ToFlex`, in the order in which they came, or
 * tells their customer why not.
 */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { acceptFile } from '#core/files/accept-file';
import { outcomeMetric } from '#lambdas/contract/metrics';
import { acceptFilePorts } from './shared/accept-file-ports.ts';
import { forEachAlone, receiveCount } from './shared/batch.ts';
import { parseFileEvent } from './shared/file-event.ts';
import { createTelemetry } from './shared/telemetry.ts';

const telemetry = createTelemetry('accept-file');
const { ports, policy, isScanned } = acceptFilePorts(process.env);

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  try {
    return await forEachAlone(event, accept);
  } finally {
    telemetry.flush();
  }
};

async function accept(record: SQSRecord): Promise<boolean> {
  try {
    const upload = parseFileEvent(record.body, isScanned);
    const outcome = upload && (await acceptFile(ports, policy, upload, Date.now()));
    telemetry.count(outcomeMetric('File', outcome ?? 'ignored'));
    return true;
  } catch (error) {
    telemetry.count('FileFailed');
    telemetry.failed('file failed', error, {
      messageId: record.messageId,
      receiveCount: receiveCount(record),
    });
    return false;
  }
}
