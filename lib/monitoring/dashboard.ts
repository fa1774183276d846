/** What to look at first when something is wrong, and now and then when nothing is. */
import { Duration } from 'aws-cdk-lib';
import {
  type AlarmBase,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import {
  type MetricOf,
  outcomeMetric,
  type Service,
  UPSTREAM_METRICS,
} from '#lambdas/contract/metrics';
import { ownMetric, type Sources, servicesOf } from './sources.ts';

const MINUTE = Duration.minutes(1);
const PERCENTILES = ['p50', 'p95', 'p99'];
const WIDTH = 8;

export function makeDashboard(scope: Construct, sources: Sources, alarms: AlarmBase[]): void {
  const dashboard = new Dashboard(scope, 'Dashboard', { defaultInterval: Duration.hours(3) });
  dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms, width: 3 * WIDTH }));
  dashboard.addWidgets(...messages());
  dashboard.addWidgets(...waiting(sources));
  dashboard.addWidgets(...refusals());
  dashboard.addWidgets(...functions(sources));
}

function messages(): IWidget[] {
  return [
    graph('Messages', [
      sum('deliver-to-flex', 'LetterPosted'),
      sum('flex-webhook', 'PushDelivered'),
    ]),
    graph('Frame → in Flex (ms)', percentiles('deliver-to-flex', 'ToFlexMs')),
    graph('Agent has sent → pushed (ms)', percentiles('flex-webhook', 'ToCustomerMs')),
  ];
}

function waiting({ toFlex, timers, uploads }: Sources): IWidget[] {
  return [
    graph('Connections', [
      sum('customer-socket', 'ConnectionOpened'),
      sum('customer-socket', 'ConnectionRefused'),
    ]),
    graph('Age of the oldest letter (s)', [toFlex.metricOldestLetter(MINUTE)]),
    graph('Dead letters', [
      toFlex.metricDeadLetters(MINUTE),
      ...(timers === undefined ? [] : [timers.metricDeadLetters(MINUTE)]),
      ...(uploads === undefined ? [] : [uploads.metricDeadLetters(MINUTE)]),
    ]),
  ];
}

function refusals(): IWidget[] {
  const letter = (outcome: 'rejected' | 'refused') =>
    sum('deliver-to-flex', outcomeMetric('Letter', outcome));
  return [
    graph('Refused', [
      sum('customer-socket', 'FrameRefused'),
      sum('customer-socket', 'FrameRateLimited'),
      letter('rejected'),
      letter('refused'),
    ]),
    graph('Tried again', [
      sum('deliver-to-flex', 'LetterFailed'),
      sum('deliver-to-flex', 'LetterGivenUp'),
      sum('flex-webhook', 'PushFailed'),
      sum('flex-webhook', 'PushGone'),
    ]),
    graph('Webhooks', [
      sum('flex-webhook', 'WebhookFailed'),
      sum('flex-webhook', 'WebhookForged'),
      sum('flex-webhook', 'WebhookUnsigned'),
    ]),
  ];
}

function functions(sources: Sources): IWidget[] {
  const services = servicesOf(sources);
  const upstream = services.flatMap(([service]) =>
    UPSTREAM_METRICS.map((name) => sum(service, name, `${service} ${name}`)),
  );
  const of = { period: MINUTE, statistic: 'Sum' };
  return [
    graph('Failures of Twilio and AWS', upstream),
    graph(
      'Errors and throttles',
      services.flatMap(([service, fn]) => [
        fn.metricErrors({ ...of, label: `${service} errors` }),
        fn.metricThrottles({ ...of, label: `${service} throttles` }),
      ]),
    ),
    graph(
      'Duration p99 (ms)',
      services.map(([service, fn]) =>
        fn.metricDuration({ period: MINUTE, statistic: 'p99', label: service }),
      ),
    ),
  ];
}

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: WIDTH });

function sum<S extends Service>(service: S, name: MetricOf<S>, label: string = name): IMetric {
  return ownMetric(service, name, 'Sum', MINUTE).with({ label });
}

const percentiles = <S extends Service>(service: S, name: MetricOf<S>): IMetric[] =>
  PERCENTILES.map((statistic) =>
    ownMetric(service, name, statistic, MINUTE).with({ label: statistic }),
  );
