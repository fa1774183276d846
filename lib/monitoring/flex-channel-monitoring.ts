import { Validations } from 'aws-cdk-lib';
import type { AlarmBase, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Config } from '../config-schema.ts';
import { makeAlarm } from './alarm-definition.ts';
import { makeDashboard } from './dashboard.ts';
import { latencyAlarms } from './latency-objective.ts';
import { makeQueries } from './queries.ts';
import type { Sources } from './sources.ts';
import { symptoms } from './symptoms.ts';

export interface FlexChannelMonitoringProps {
  readonly sources: Sources;
  /** Who is told; without it alarms only show on the dashboard and in the console. */
  readonly alarms?: Config['operations']['alarms'];
}

/** Alarms on symptoms, a dashboard, and questions to the logs. */
export class FlexChannelMonitoring extends Construct {
  constructor(scope: Construct, id: string, { sources, alarms }: FlexChannelMonitoringProps) {
    super(scope, id);
    const all: AlarmBase[] = [
      ...symptoms(sources).map((definition) => makeAlarm(this, definition)),
      ...latencyAlarms(this),
    ];
    const action = this.actionOf(alarms);
    if (action !== undefined) for (const alarm of all) alarm.addAlarmAction(action);
    makeDashboard(this, sources, all);
    makeQueries(this, sources);
  }

  private actionOf(alarms: FlexChannelMonitoringProps['alarms']): IAlarmAction | undefined {
    if (alarms === undefined) return undefined;
    const topic =
      'topicArn' in alarms
        ? Topic.fromTopicArn(this, 'Topic', alarms.topicArn)
        : this.mailTo(alarms.email);
    return new SnsAction(topic);
  }

  private mailTo(email: string): ITopic {
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    topic.addSubscription(new EmailSubscription(email));
    Validations.of(topic).acknowledge({
      id: 'AwsSolutions-SNS2',
      reason:
        'CloudWatch cannot publish to a topic under the managed key, and the notices hold no customer data.',
    });
    return topic;
  }
}
