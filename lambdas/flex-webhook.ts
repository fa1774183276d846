/**
 * `flex-webhook`: verifies a webhook of Twilio and relays what it tells to the customer's
 * connections.
 */

import { parseFlexWebhook } from '#adapters/twilio/webhooks/flex-webhook';
import { parseTaskEvents } from '#adapters/twilio/webhooks/task-event';
import { ChatError, hasCode } from '#core/errors';
import type { FlexEvent } from '#core/flex';
import { RateLimiter } from '#core/rate-limiter';
import { lookOnHint } from '#core/webhooks/look-on-hint';
import { type Relayed, relayFlexEvent } from '#core/webhooks/relay-flex-event';
import { outcomeMetric } from '#lambdas/contract/metrics';
import { flexWebhookPorts } from './shared/flex-webhook-ports.ts';
import { HTTP_STATUS } from './shared/reply.ts';
import { createTelemetry } from './shared/telemetry.ts';
import { parseWebhookRequest, type WebhookRequest } from './shared/webhook-request.ts';

const telemetry = createTelemetry('flex-webhook');
const { ports, isGenuine } = flexWebhookPorts(process.env);

/** Anybody may send hints, and each that is taken costs a read or two. */
const hints = new RateLimiter({ perMinute: 120, burst: 30 });

export const handler = async (event: unknown): Promise<{ statusCode: number; body: string }> => {
  try {
    const request = parseWebhookRequest(event);
    await (request.signature === undefined ? takeHint(request) : relay(request));
    return { statusCode: 200, body: '' };
  } catch (error) {
    telemetry.count('WebhookFailed');
    if (hasCode(error, 'FORBIDDEN')) telemetry.count('WebhookForged');
    telemetry.failed('webhook failed', error);
    return { statusCode: error instanceof ChatError ? HTTP_STATUS[error.code] : 500, body: '' };
  } finally {
    telemetry.flush();
  }
};

/** Of an interaction, unsigned: it tells nobody anything, but somebody may look. */
async function takeHint({ form = {} }: WebhookRequest): Promise<void> {
  telemetry.count('WebhookUnsigned');
  const nowMs = Date.now();
  if (hints.admit('all', nowMs) !== 'admitted') return;
  count(await lookOnHint(ports, parseFlexWebhook(form, nowMs), nowMs));
}

async function relay(request: WebhookRequest): Promise<void> {
  if (!(await isGenuine(request))) {
    throw new ChatError('FORBIDDEN', 'the signature does not fit the request');
  }
  const nowMs = Date.now();
  const events = request.isTaskEvent
    ? parseTaskEvents(request.body, nowMs)
    : [parseFlexWebhook(request.form ?? {}, nowMs)];
  // Side by side, as Event Streams sends many at once. If one fails, the others are done all the
  // same.
  const relayed = await Promise.allSettled(
    events.map((event) => relayFlexEvent(ports, event, request.sessionId, nowMs)),
  );
  for (const [index, one] of relayed.entries()) {
    if (one.status === 'fulfilled') count(one.value, events[index]);
  }
  const failed = relayed.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

function count(relayed: Relayed, event?: FlexEvent): void {
  if (typeof relayed === 'string') {
    if (relayed !== 'nothing') telemetry.count(outcomeMetric('Webhook', relayed));
    return;
  }
  telemetry.count('PushDelivered', relayed.delivered);
  telemetry.count('PushGone', relayed.gone);
  telemetry.count('PushFailed', relayed.failed);
  if (event?.kind === 'message' && event.message.role === 'agent' && relayed.delivered > 0) {
    telemetry.measure('ToCustomer', Date.now() - event.message.sentAtMs);
  }
}
