import type { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** How many messages a dead-letter queue holds. @param label what they are. */
export function deadLettersMetric(queue: IQueue, label: string, period: Duration): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum', label });
}
