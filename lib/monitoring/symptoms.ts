/** The symptoms that wake somebody up. Causes are for the dashboard and the logs. */
import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Service } from '#lambdas/contract/metrics';
import type { ChannelFunction } from '../constructs/channel-function.ts';
import type { ChatTimers } from '../constructs/chat-timers.ts';
import type { Uploads } from '../constructs/uploads.ts';
import type { AlarmDefinition } from './alarm-definition.ts';
import { ownMetric, type Sources, servicesOf } from './sources.ts';

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

/** The sections of the runbook that alarms point at. */
export const SECTIONS = {
  deadLetters: 'Messages in the dead-letter queue',
  deadTimers: 'Wake-ups in the dead-letter queue of `ChatTimers`',
  deadUploads: 'News in the dead-letter queue of `Uploads`',
  oldLetters: 'Messages reach Flex late',
  functions: 'A function fails, is throttled or takes too long',
  webhooks: 'Webhooks are answered with 5xx',
  forged: 'All webhooks are refused (`WebhookForged` rises)',
  credentials: 'Credentials, SIDs or permissions are refused (`UpstreamMisconfigured`)',
  handshakes: 'Nobody can connect',
  pushes: 'Events do not reach customers (`PushFailed`)',
} as const;

export function symptoms(sources: Sources): AlarmDefinition[] {
  return [
    ...queueSymptoms(sources),
    ...servicesOf(sources).flatMap(([service, fn]) => functionSymptoms(service, fn)),
    ...webhookSymptoms(sources),
    ...customerSymptoms(),
    credentialSymptom(sources),
  ];
}

function queueSymptoms({ toFlex, timers, uploads }: Sources): AlarmDefinition[] {
  return [
    {
      id: 'DeadLetters',
      says: 'A message of a customer did not get into Flex and lies in the dead-letter queue.',
      section: SECTIONS.deadLetters,
      metric: toFlex.metricDeadLetters(MINUTE),
      above: 0,
    },
    ...(timers === undefined ? [] : [timersSymptom(timers)]),
    ...(uploads === undefined ? [] : [uploadsSymptom(uploads)]),
    {
      id: 'OldLetters',
      says: 'A message of a customer has waited longer than a minute for Flex.',
      section: SECTIONS.oldLetters,
      metric: toFlex.metricOldestLetter(MINUTE),
      above: 60,
      periods: { bad: 3, of: 5 },
    },
  ];
}

function timersSymptom(timers: ChatTimers): AlarmDefinition {
  return {
    id: 'DeadTimers',
    says: 'A chat that should be ended when nobody writes is not watched any more.',
    section: SECTIONS.deadTimers,
    metric: timers.metricDeadLetters(MINUTE),
    above: 0,
  };
}

function uploadsSymptom(uploads: Uploads): AlarmDefinition {
  return {
    id: 'DeadUploads',
    says: 'A file of a customer was not put into the queue `ToFlex`, and is gone within two days.',
    section: SECTIONS.deadUploads,
    metric: uploads.metricDeadLetters(MINUTE),
    above: 0,
  };
}

/** Errors and throttles retry themselves; several in five minutes do not. */
function functionSymptoms(service: Service, fn: ChannelFunction): AlarmDefinition[] {
  const name = pascalCase(service);
  const section = SECTIONS.functions;
  return [
    {
      id: `${name}Errors`,
      says: `The function ${service} failed several times.`,
      section,
      metric: fn.metricErrors({ period: FIVE_MINUTES, statistic: 'Sum' }),
      above: 2,
    },
    {
      id: `${name}Throttles`,
      says: `The function ${service} was not run, for want of concurrency.`,
      section,
      metric: fn.metricThrottles({ period: FIVE_MINUTES, statistic: 'Sum' }),
      above: 2,
    },
    {
      id: `${name}Slow`,
      says: `The function ${service} takes nearly as long as it may.`,
      section,
      metric: fn.metricDuration({ period: FIVE_MINUTES, statistic: 'p99' }),
      above: 0.8 * fn.timeout.toMilliseconds(),
      periods: { bad: 2, of: 3 },
    },
  ];
}

function webhookSymptoms({ webhooks }: Sources): AlarmDefinition[] {
  return [
    {
      id: 'WebhookServerErrors',
      says: 'Webhooks of Twilio are answered with 5xx, so that customers may miss what agents write.',
      section: SECTIONS.webhooks,
      metric: webhooks.metricServerErrors(FIVE_MINUTES),
      above: 2,
    },
    {
      id: 'WebhooksForged',
      says: 'Webhooks come whose signature is wrong: a wrong auth token, or somebody tries.',
      section: SECTIONS.forged,
      metric: ownMetric('flex-webhook', 'WebhookForged', 'Sum', FIVE_MINUTES),
      above: 10,
    },
  ];
}

function customerSymptoms(): AlarmDefinition[] {
  return [
    {
      id: 'HandshakesRefused',
      says: 'Many customers are refused when they connect.',
      section: SECTIONS.handshakes,
      metric: ownMetric('customer-socket', 'ConnectionRefused', 'Sum', FIVE_MINUTES),
      above: 50,
      periods: { bad: 2, of: 3 },
    },
    {
      id: 'PushesFailed',
      says: 'Events of agents were not taken by API Gateway.',
      section: SECTIONS.pushes,
      metric: ownMetric('flex-webhook', 'PushFailed', 'Sum', FIVE_MINUTES),
      above: 5,
    },
  ];
}

/** Over all functions: whichever calls first finds out. */
function credentialSymptom(sources: Sources): AlarmDefinition {
  const services = servicesOf(sources).map(([service]) => service);
  const usingMetrics = Object.fromEntries(
    services.map((service, index) => [
      `m${index}`,
      ownMetric(service, 'UpstreamMisconfigured', 'Sum', FIVE_MINUTES),
    ]),
  );
  return {
    id: 'UpstreamMisconfigured',
    says: 'Twilio or AWS refuses an API key, a SID or a permission until somebody mends it.',
    section: SECTIONS.credentials,
    metric: new MathExpression({
      expression: services.map((_, index) => `FILL(m${index}, 0)`).join(' + '),
      usingMetrics,
      label: 'UpstreamMisconfigured',
      period: FIVE_MINUTES,
    }),
    above: 0,
  };
}

export function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
