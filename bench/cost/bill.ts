import type { Prices } from './prices.ts';
import type { Usage } from './usage.ts';

export const INTAKES = ['rest', 'http', 'function-url'] as const;

/** What Twilio's webhooks come in by. */
export type Intake = (typeof INTAKES)[number];

/** Dollars by service, for as many chats. */
export interface Bill {
  readonly rows: readonly { readonly service: string; readonly dollars: number }[];
  readonly total: number;
}

const GB = 1024 ** 3;

/** What so many chats of this usage cost; largest first. */
export function billFor(usage: Usage, prices: Prices, intake: Intake, chats: number): Bill {
  const { perMillion: each } = prices;
  const times = (count: number, price: number) => (chats * count * price) / 1e6;
  const rows = [
    { service: 'WebSocket messages', dollars: times(usage.socketMessages, each.socketMessage) },
    {
      service: 'WebSocket minutes',
      dollars: times(usage.connectionMinutes, each.connectionMinute),
    },
    {
      service: `webhooks (${intake})`,
      dollars: times(usage.webhooks, webhookPrice(prices, intake)),
    },
    { service: 'Lambda requests', dollars: times(invocationsOf(usage), each.invocation) },
    {
      service: 'Lambda time',
      dollars: chats * (functionMs(usage, prices) / 1000) * gb(usage) * prices.functionGbSecond,
    },
    { service: 'SQS', dollars: times(usage.queueRequests, each.queueRequest) },
    {
      service: 'DynamoDB',
      dollars: times(usage.tableReads, each.tableRead) + times(usage.tableWrites, each.tableWrite),
    },
    { service: 'logs: own lines', dollars: chats * logs(prices, usage.logBytes, usage.logLines) },
    {
      service: "logs: Lambda's lines",
      dollars: chats * logs(prices, usage.systemBytes, usage.systemLines),
    },
  ].sort((a, b) => b.dollars - a.dollars);
  return { rows, total: rows.reduce((sum, { dollars }) => sum + dollars, 0) };
}

export const invocationsOf = ({ invocations }: Usage): number =>
  Object.values(invocations).reduce((sum, count) => sum + count, 0);

/** Time that is paid: what was measured, and what the real services are slower. */
export function functionMs(usage: Usage, { latencyMs }: Prices): number {
  return (
    usage.functionMs +
    (usage.tableReads + usage.tableWrites) * latencyMs.table +
    // Of the three requests for a letter, the function waits for its sending alone.
    (usage.queueRequests / 3) * latencyMs.queue +
    usage.pushes * latencyMs.push +
    usage.twilioCalls * latencyMs.twilio
  );
}

function webhookPrice({ perMillion }: Prices, intake: Intake): number {
  switch (intake) {
    case 'rest':
      return perMillion.restRequest;
    case 'http':
      return perMillion.httpRequest;
    case 'function-url':
      return perMillion.functionUrlRequest;
  }
}

const gb = ({ memoryMb }: Usage): number => memoryMb / 1024;

const logs = ({ logGb, logLineOverheadBytes }: Prices, bytes: number, lines: number): number =>
  ((bytes + lines * logLineOverheadBytes) / GB) * logGb;
