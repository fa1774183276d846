/**
 * The names of all metrics: functions count them, constructs watch them. A name says what it was and
 * what became of it; one that ends in `Ms` is a time in milliseconds.
 */
import type { Watched } from '#core/chats/watch-idle-chat';
import type { Acceptance } from '#core/files/accept-file';
import type { LetterOutcome } from '#core/letters/deliver-letter';
import type { Relayed } from '#core/webhooks/relay-flex-event';

export const METRIC_NAMESPACE = 'FlexChannel';

/** The only dimension; its value is the function's name. */
export const METRIC_DIMENSION = 'service';

/**
 * How long a customer's message may take into Flex, and an agent's to the customer's connections.
 * What takes longer is counted as late: the objective is kept as long as 99 of 100 are not.
 */
export const LATE_MS = 5_000;

/** Why calls of Twilio or AWS fail; the log says whose. Every function counts it. */
export const UPSTREAM_METRICS = [
  'UpstreamMisconfigured',
  'UpstreamRateLimited',
  'UpstreamUnavailable',
] as const;

type UpstreamMetric = (typeof UPSTREAM_METRICS)[number];

/** What a message's way is measured by. */
type TransitMetric<Way extends string> = `${Way}Ms` | `${Way}Late`;

/** By function. */
interface Metrics {
  'customer-socket': 'ConnectionOpened' | 'ConnectionRefused' | 'FrameRateLimited' | 'FrameRefused';
  'deliver-to-flex':
    | OutcomeMetric<'Letter', Exclude<LetterOutcome, 'done'>>
    | 'LetterFailed'
    | 'LetterGivenUp'
    | TransitMetric<'ToFlex'>;
  'flex-webhook':
    | OutcomeMetric<'Webhook', Exclude<Extract<Relayed, string>, 'nothing'>>
    | 'WebhookFailed'
    | 'WebhookForged'
    | 'WebhookUnsigned'
    | 'PushDelivered'
    | 'PushFailed'
    | 'PushGone'
    | TransitMetric<'ToCustomer'>;
  'agent-signal': 'SignalRefused' | 'SignalRelayed';
  'accept-file': OutcomeMetric<'File', Acceptance | 'ignored'> | 'FileFailed';
  'watch-idle-chats': OutcomeMetric<'IdleChat', Watched> | 'IdleChatFailed';
}

export type Service = keyof Metrics;
export type MetricOf<S extends Service> = Metrics[S] | UpstreamMetric;

type OutcomeMetric<
  Subject extends string,
  Outcome extends string,
> = `${Subject}${Capitalize<Outcome>}`;

/** @returns the metric that counts an outcome: `LetterPosted` for `posted` of a `Letter`. */
export function outcomeMetric<Subject extends string, Outcome extends string>(
  subject: Subject,
  outcome: Outcome,
): OutcomeMetric<Subject, Outcome> {
  const name = `${subject}${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}`;
  return name as OutcomeMetric<Subject, Outcome>;
}
