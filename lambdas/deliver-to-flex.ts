/** `deliver-to-flex`: brings the letters of the queue `ToFlex` to Flex, one session at a time, in order. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseLetter } from '#adapters/aws/sqs-flex-mailbox';
import { deliverLetter, giveUpLetter } from '#core/deliver-letter';
import { forEachRecord } from './shared/batch.ts';
import { deliverToFlexPorts } from './shared/deliver-to-flex-ports.ts';
import { createTelemetry, describeFailure } from './shared/telemetry.ts';

const telemetry = createTelemetry('deliver-to-flex');
const { ports, maxReceiveCount } = deliverToFlexPorts(process.env);

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  try {
    return await forEachRecord(event, deliver, report);
  } finally {
    telemetry.flush();
  }
};

async function deliver(record: SQSRecord): Promise<void> {
  const letter = parseLetter(record.body);
  try {
    const outcome = await deliverLetter(ports, letter, Date.now());
    telemetry.count(`Letter_${outcome}`);
  } catch (error) {
    // The queue sets the record aside after this; the customer has to know before.
    if (receiveCount(record) >= maxReceiveCount) await giveUpLetter(ports, letter, Date.now());
    throw error;
  }
}

function report(record: SQSRecord, error: unknown): void {
  telemetry.count('LetterFailed');
  telemetry.logger.error('letter failed', {
    sessionId: record.attributes.MessageGroupId,
    messageId: record.messageId,
    receiveCount: receiveCount(record),
    ...describeFailure(error),
  });
}

const receiveCount = (record: SQSRecord): number =>
  Number(record.attributes.ApproximateReceiveCount);
