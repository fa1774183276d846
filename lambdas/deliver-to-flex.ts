/** `deliver-to-flex`: brings the letters of the queue `ToFlex` to Flex, one session at a time, in order. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseLetter } from '#adapters/aws/sqs-flex-mailbox';
import { deliverLetter, giveUpLetter } from '#core/deliver-letter';
import { ChatError } from '#core/errors';
import { retryDelayMs } from '#core/retry-delay';
import { type BatchHandling, forEachRecord, receiveCount } from './shared/batch.ts';
import { deliverToFlexPorts } from './shared/deliver-to-flex-ports.ts';
import { createTelemetry, describeFailure } from './shared/telemetry.ts';

const telemetry = createTelemetry('deliver-to-flex');
const { ports, queue, maxReceiveCount } = deliverToFlexPorts(process.env);

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  try {
    return await forEachRecord(event, handling);
  } finally {
    telemetry.flush();
  }
};

const handling: BatchHandling = {
  maxReceiveCount,

  async handle(record) {
    const outcome = await deliverLetter(ports, parseLetter(record.body), Date.now());
    telemetry.count(`Letter_${outcome}`);
  },

  failed(record, error) {
    telemetry.count('LetterFailed');
    telemetry.logger.error('letter failed', {
      sessionId: record.attributes.MessageGroupId,
      messageId: record.messageId,
      receiveCount: receiveCount(record),
      ...describeFailure(error),
    });
  },

  async giveUp(record) {
    telemetry.count('LetterGivenUp');
    await giveUpLetter(ports, parseLetter(record.body), Date.now());
  },

  async retryLater(records, error) {
    const [first] = records as [SQSRecord, ...SQSRecord[]];
    const retryAfterMs = error instanceof ChatError ? error.retryAfterMs : undefined;
    await queue.retryAfter(
      records.map(({ receiptHandle }) => receiptHandle),
      retryDelayMs(receiveCount(first), Math.random(), retryAfterMs),
    );
  },
};
