import { readFileSync } from 'node:fs';
import { type Json, propertiesOf, synthesize } from '../synthesize.ts';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const { channel } = synthesize(
  { idleMinutes: 30, files: {} },
  { alarms: { email: 'on-call@example.com' } },
);
const alarms = propertiesOf(channel, 'AWS::CloudWatch::Alarm');
const composites = propertiesOf(channel, 'AWS::CloudWatch::CompositeAlarm');
const all: Json[] = [...Object.values(alarms), ...Object.values(composites)];

/** The text of a section of the runbook, or undefined. */
function sectionOf(heading: string): string | undefined {
  const parts = runbook.split(/^## /m);
  return parts.find((part) => part.startsWith(`${heading}\n`));
}

describe('the alarms', () => {
  test('watch every symptom, and say what has happened', () => {
    const ids = Object.keys(alarms).map((id) => id.replace(/^Monitoring|[0-9A-F]{8}$/g, ''));

    expect(ids).toEqual(
      expect.arrayContaining([
        'AcceptFileErrors',
        'DeadLetters',
        'DeadUploads',
        'OldLetters',
        'WebhooksForged',
        'UpstreamMisconfigured',
      ]),
    );
    expect(Object.keys(composites)).toHaveLength(2);
  });

  test.each(all.map(({ AlarmDescription }) => [AlarmDescription]))('%s', (description: string) => {
    const heading = /^.+\. See "(.+)" in docs\/runbook\.md\.$/.exec(description)?.[1] ?? '';

    const section = sectionOf(heading);

    for (const step of ['**Description.**', '**Investigation.**', '**Resolution.**']) {
      expect(section).toContain(step);
    }
  });

  test('stay quiet while nothing is counted', () => {
    for (const { TreatMissingData } of Object.values(alarms)) {
      expect(TreatMissingData).toBe('notBreaching');
    }
  });
});

describe('who is told', () => {
  const actionsOf = (operations: object): Json[] => {
    const { channel: template } = synthesize({}, operations);
    return ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
      Object.values(propertiesOf(template, type)).map(({ AlarmActions }) => AlarmActions),
    );
  };

  test('is nobody unless the configuration names somebody', () => {
    expect(new Set(actionsOf({}))).toEqual(new Set([undefined]));
  });

  test('is a topic that is there already', () => {
    const topicArn = 'arn:aws:sns:eu-west-1:111122223333:on-call';

    const told = actionsOf({ alarms: { topicArn } }).filter((actions) => actions !== undefined);

    expect(told.length).toBeGreaterThan(15);
    for (const actions of told) expect(actions).toEqual([topicArn]);
  });

  test('is an e-mail address, over a topic that takes TLS only', () => {
    channel.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
    channel.resourceCountIs('AWS::SNS::TopicPolicy', 1);
  });

  test('is told of lateness only when a long and a short window are bad', () => {
    for (const { AlarmRule } of Object.values(composites)) {
      expect(JSON.stringify(AlarmRule)).toMatch(/ALARM.* AND .*ALARM/);
    }
    const windows = Object.entries(alarms).filter(([id]) => /Minutes/.test(id));
    expect(windows).toHaveLength(4);
    for (const [, { AlarmActions }] of windows) expect(AlarmActions).toBeUndefined();
  });
});

test('without monitoring the stack has neither alarms nor a dashboard', () => {
  const { channel: template } = synthesize({}, { monitoring: false });

  for (const type of ['Alarm', 'CompositeAlarm', 'Dashboard']) {
    template.resourceCountIs(`AWS::CloudWatch::${type}`, 0);
  }
  template.resourceCountIs('AWS::Logs::QueryDefinition', 0);
});

test('queries that read lines about runs are saved only where Lambda writes such lines', () => {
  const namesWith = (operations: object) =>
    Object.values(
      propertiesOf(synthesize({}, operations).channel, 'AWS::Logs::QueryDefinition'),
    ).map(({ Name }) => String(Name).replace(/^.*\//, ''));
  const { channel: loud } = synthesize({}, { logRuns: true });

  expect(namesWith({})).not.toContain('slow invocations');
  expect(namesWith({ logRuns: true })).toEqual(
    expect.arrayContaining(['failures', 'slow invocations', 'cold starts']),
  );
  for (const { LoggingConfig } of Object.values(propertiesOf(loud, 'AWS::Lambda::Function'))) {
    expect(LoggingConfig.SystemLogLevel).toBe('INFO');
  }
});

test('switching monitoring, files and the clock off changes nothing in the state stack, which could not take an export back', () => {
  const watched = synthesize({ idleMinutes: 30, files: {} });
  const plain = synthesize({}, { monitoring: false });

  expect(plain.state.toJSON()).toEqual(watched.state.toJSON());
});
