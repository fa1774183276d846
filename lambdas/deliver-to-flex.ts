/**
 * `deliver-to-flex`: brings the letters of the queue `ToFlex` to Flex, one session at a time, in
 * order.
 */
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseLetter } from '#adapters/aws/sqs-flex-mailbox';
import { TWILIO_TIMEOUT_MS } from '#adapters/twilio/rest/rest-client';
import { ChatError, hasCode } from '#core/errors';
import { checkFinally } from '#core/letters/check-finally';
import { deliverLetter } from '#core/letters/deliver-letter';
import { retryDelayMs } from '#core/letters/retry-delay';
import { outcomeMetric } from '#lambdas/contract/metrics';
import {
  type BatchFailure,
  type BatchHandling,
  forEachRecord,
  receiveCount,
  sentAtMs,
} from './shared/batch.ts';
import { deliverToFlexPorts } from './shared/deliver-to-flex-ports.ts';
import { InvocationTime } from './shared/invocation-time.ts';
import { createTelemetry } from './shared/telemetry.ts';

/**
 * Time for one letter: two calls to Twilio that take as long as they may. A file may take longer; its
 * calls to Twilio are cut off in time.
 */
const LETTER_MS = 2 * TWILIO_TIMEOUT_MS;

const telemetry = createTelemetry('deliver-to-flex');
const time = new InvocationTime();
const { ports, policy, queue, maxTries } = deliverToFlexPorts(process.env, () => time.forTwilioMs);

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  time.begin(context);
  try {
    return await forEachRecord(event, handling);
  } finally {
    telemetry.flush();
  }
};

const handling: BatchHandling = {
  maxTries,

  hasTime: () => time.forTwilioMs > LETTER_MS,

  async handle(record) {
    const letter = parseLetter(record.body);
    const refused = (error: ChatError) => {
      const { sessionId, kind } = letter;
      telemetry.failed('letter refused', error, { sessionId, kind });
    };
    const isAgain = receiveCount(record) > 1;
    const outcome = await deliverLetter({ ...ports, refused }, policy, letter, Date.now(), {
      isAgain,
    });
    if (outcome !== 'done') telemetry.count(outcomeMetric('Letter', outcome));
    if (outcome === 'posted') telemetry.measure('ToFlex', Date.now() - sentAtMs(record));
  },

  failed(record, error) {
    // No failure: the letter comes again a little later, when Flex has finished its change.
    if (hasCode(error, 'UNSETTLED')) return;
    telemetry.count('LetterFailed');
    telemetry.failed('letter failed', error, {
      sessionId: record.attributes.MessageGroupId,
      messageId: record.messageId,
      receiveCount: receiveCount(record),
    });
  },

  async checkFinally(record) {
    const isFound = await checkFinally(ports, parseLetter(record.body), Date.now());
    telemetry.count(isFound ? 'LetterFound' : 'LetterGivenUp');
    return isFound;
  },

  async retryLater(records, failure) {
    await queue.retryAfter(
      records.map(({ receiptHandle }) => receiptHandle),
      failure === undefined ? 0 : delayMs(failure),
    );
  },
};

function delayMs({ record, error }: BatchFailure): number {
  const retryAfterMs = error instanceof ChatError ? error.retryAfterMs : undefined;
  return retryDelayMs(receiveCount(record), Math.random(), retryAfterMs);
}
