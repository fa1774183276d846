import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** A symptom that somebody should look at. */
export interface AlarmDefinition {
  readonly id: string;
  /** What has happened, for who is woken up; one sentence. */
  readonly says: string;
  /** The section of docs/runbook.md that says what it means, where to look and what to do. */
  readonly section: string;
  readonly metric: IMetric;
  /** The alarm goes off above it. */
  readonly above: number;
  /** So many of the last periods; one of one unless given. */
  readonly periods?: { readonly bad: number; readonly of: number };
}

/** @returns the alarm, quiet where nothing was counted: no news is good news in each of these. */
export function makeAlarm(
  scope: Construct,
  { id, says, section, metric, above, periods = { bad: 1, of: 1 } }: AlarmDefinition,
): Alarm {
  return new Alarm(scope, id, {
    alarmDescription: describe(says, section),
    metric,
    threshold: above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: periods.of,
    datapointsToAlarm: periods.bad,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

export const describe = (says: string, section: string): string =>
  `${says} See "${section}" in docs/runbook.md.`;
