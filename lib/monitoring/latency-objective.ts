/**
 * The promise that 99 of 100 messages are there within five seconds, watched by how fast its error
 * budget of one in a hundred is used up.
 * Source: Google, "The Site Reliability Workbook", chapter 5 (multiwindow, multi-burn-rate alerts).
 */
import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmRule,
  AlarmState,
  CompositeAlarm,
  type IMetric,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { describe, makeAlarm } from './alarm-definition.ts';
import { ownMetric } from './sources.ts';
import { SECTIONS } from './symptoms.ts';

const BUDGET = 0.01;

/** With fewer late messages nobody is woken up, whatever their share is. */
const FEWEST = 3;

const SPEEDS = [
  {
    id: 'LatenessFast',
    says: 'So many messages are late that the budget of a month would be gone within two days.',
    burn: 14.4,
    long: Duration.hours(1),
    short: Duration.minutes(5),
  },
  {
    id: 'LatenessSlow',
    says: 'So many messages are late that the budget of a month would be gone within five days.',
    burn: 6,
    long: Duration.hours(6),
    short: Duration.minutes(30),
  },
] as const;

/** @returns the two alarms that may wake somebody; each needs a long window, and a short one to end soon. */
export function latencyAlarms(scope: Construct): CompositeAlarm[] {
  return SPEEDS.map(({ id, says, burn, long, short }) => {
    const windows = [long, short].map((window): Alarm => {
      const minutes = window.toMinutes();
      return makeAlarm(scope, {
        id: `${id}${minutes}Minutes`,
        section: SECTIONS.oldLetters,
        says: `Messages were late within ${minutes} minutes.`,
        metric: burnRate(window),
        above: burn,
      });
    });
    return new CompositeAlarm(scope, id, {
      alarmDescription: describe(says, SECTIONS.oldLetters),
      alarmRule: AlarmRule.allOf(
        ...windows.map((window) => AlarmRule.fromAlarm(window, AlarmState.ALARM)),
      ),
    });
  });
}

/** How many times faster than a month's worth the budget is used up. */
function burnRate(period: Duration): IMetric {
  const late = 'FILL(lateToFlex, 0) + FILL(lateToCustomer, 0)';
  const all = 'FILL(allToFlex, 0) + FILL(allToCustomer, 0)';
  return new MathExpression({
    expression: `IF(${late} >= ${FEWEST}, (${late}) / (${all}) / ${BUDGET}, 0)`,
    usingMetrics: {
      lateToFlex: ownMetric('deliver-to-flex', 'ToFlexLate', 'Sum', period),
      lateToCustomer: ownMetric('flex-webhook', 'ToCustomerLate', 'Sum', period),
      allToFlex: ownMetric('deliver-to-flex', 'ToFlexMs', 'SampleCount', period),
      allToCustomer: ownMetric('flex-webhook', 'ToCustomerMs', 'SampleCount', period),
    },
    label: 'Burn rate',
    period,
  });
}
