/** `watch-idle-chats`: looks at open chats when their wake-ups come from the queue `ChatTimers`. */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parseChatTimer } from '#adapters/aws/sqs-chat-timers';
import { watchIdleChat } from '#core/chats/watch-idle-chat';
import { outcomeMetric } from '#lambdas/contract/metrics';
import { forEachAlone, receiveCount } from './shared/batch.ts';
import { InvocationTime } from './shared/invocation-time.ts';
import { createTelemetry } from './shared/telemetry.ts';
import { watchIdleChatsPorts } from './shared/watch-idle-chats-ports.ts';

const telemetry = createTelemetry('watch-idle-chats');
const time = new InvocationTime();
const { ports, policy } = watchIdleChatsPorts(process.env, () => time.forTwilioMs);

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  time.begin(context);
  try {
    return await forEachAlone(event, watch);
  } finally {
    telemetry.flush();
  }
};

async function watch(record: SQSRecord): Promise<boolean> {
  try {
    const watched = await watchIdleChat(ports, policy, parseChatTimer(record.body), Date.now());
    telemetry.count(outcomeMetric('IdleChat', watched));
    return true;
  } catch (error) {
    telemetry.count('IdleChatFailed');
    telemetry.failed('wake-up failed', error, {
      messageId: record.messageId,
      receiveCount: receiveCount(record),
    });
    return false;
  }
}
