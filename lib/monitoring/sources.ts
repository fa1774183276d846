/** What is watched, and its metrics as CloudWatch knows them. */
import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  METRIC_DIMENSION,
  METRIC_NAMESPACE,
  type MetricOf,
  type Service,
} from '#lambdas/contract/metrics';
import type { ChannelFunction } from '../constructs/channel-function.ts';
import type { ChatTimers } from '../constructs/chat-timers.ts';
import type { ToFlexQueue } from '../constructs/to-flex-queue.ts';
import type { Uploads } from '../constructs/uploads.ts';
import type { WebhookIntake } from '../constructs/webhook-intake.ts';

export interface Sources {
  /** By the name under which they count. */
  readonly functions: Readonly<Partial<Record<Service, ChannelFunction>>>;
  readonly toFlex: ToFlexQueue;
  /** Only where chats are ended by the clock. */
  readonly timers?: ChatTimers | undefined;
  /** Only where customers may send files. */
  readonly uploads?: Uploads | undefined;
  readonly webhooks: WebhookIntake;
  /** Whether Lambda writes how long each run took. */
  readonly logsRuns: boolean;
}

/** A metric that the functions write. */
export function ownMetric<S extends Service>(
  service: S,
  name: MetricOf<S>,
  statistic: string,
  period: Duration,
): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    dimensionsMap: { [METRIC_DIMENSION]: service },
    statistic,
    period,
  });
}

export const servicesOf = ({ functions }: Sources): [Service, ChannelFunction][] =>
  Object.entries(functions) as [Service, ChannelFunction][];
