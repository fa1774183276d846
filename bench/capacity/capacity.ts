import { functionMs, invocationsOf } from '../cost/bill.ts';
import type { Prices } from '../cost/prices.ts';
import type { ChatShape, Usage } from '../cost/usage.ts';
import type { Quotas } from './quotas.ts';

/** How far one quota lets chats go. */
export interface Limit {
  readonly quota: string;
  readonly value: number;
  /** Open at the same time, each as long and as lively as the measured one. */
  readonly chats: number;
  readonly messagesPerSecond: number;
  readonly raisedBy: string;
}

/**
 * What each quota allows, the lowest first: that one is met first. Chats begin and end evenly; a
 * crowd that comes at once meets the quotas of a beginning earlier.
 */
export function limitsOf(
  usage: Usage,
  prices: Prices,
  quotas: Quotas,
  { minutes, messages }: ChatShape,
): Limit[] {
  const { account, stage, twilio } = quotas;
  const seconds = minutes * 60;
  const frames = Object.values(usage.framesByAction).reduce((sum, count) => sum + count, 0);
  const letters = usage.invocations['DeliverToFlex'] ?? 0;
  // Most of what a worker does is wait for one call of Twilio; the measured time is shared by all runs.
  const letterMs =
    usage.functionMs / invocationsOf(usage) + prices.latencyMs.twilio + prices.latencyMs.table;
  const limit = (quota: string, value: number, perChat: number, raisedBy: string): Limit => {
    const chats = perChat === 0 ? Number.POSITIVE_INFINITY : (value * seconds) / perChat;
    return { quota, value, chats, messagesPerSecond: (chats * messages) / seconds, raisedBy };
  };
  return [
    limit(
      'API Gateway: requests a second of the account',
      account.apiRequestsPerSecond,
      frames + usage.pushes + usage.webhooks + CONNECTS,
      'AWS, on request',
    ),
    limit(
      'API Gateway: new connections a second',
      account.newConnectionsPerSecond,
      CONNECTS,
      'AWS, on request',
    ),
    limit(
      'Lambda: runs at the same time',
      account.functionConcurrency,
      functionMs(usage, prices) / 1000,
      'AWS, on request',
    ),
    limit(
      'stage: frames a second (operations.socketThrottle)',
      stage.socketFramesPerSecond,
      frames,
      'the configuration',
    ),
    limit(
      'stage: webhooks a second (operations.webhookThrottle)',
      stage.webhooksPerSecond,
      usage.webhooks,
      'the configuration',
    ),
    limit(
      'stage: batches at the same time (operations.maxConcurrency), of one letter each',
      stage.workerBatches,
      (letters * letterMs) / 1000,
      'the configuration',
    ),
    limit(
      'Twilio: conversations a second of a service',
      twilio.conversationsPerSecond,
      1,
      'Twilio, on request',
    ),
    limit(
      'Twilio: interactions a second of an account',
      twilio.interactionsPerSecond,
      1,
      'Twilio, on request',
    ),
  ].sort((a, b) => a.chats - b.chats);
}

/** A customer who stays connected; each reconnect would be one more. */
const CONNECTS = 1;
