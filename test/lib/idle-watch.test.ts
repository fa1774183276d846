import { type Json, propertiesOf, synthesize } from './synthesize.ts';

const { state, channel } = synthesize({ idleMinutes: 30 });

const functions = propertiesOf(channel, 'AWS::Lambda::Function');
const functionNamed = (name: string): Json =>
  Object.entries(functions).find(([id]) => id.startsWith(name))?.[1];

const asList = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

function actionsOf(name: string): string[] {
  const role = functionNamed(name).Role['Fn::GetAtt'][0];
  return Object.values(propertiesOf(channel, 'AWS::IAM::Policy'))
    .filter(({ Roles }) => Roles.some(({ Ref }: Json) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .flatMap(({ Action }: Json) => asList(Action));
}

describe('customers.idleMinutes', () => {
  test('adds a function that hears the wake-ups, ten in a batch, and returns only the failed ones', () => {
    const mapping = Object.values(propertiesOf(channel, 'AWS::Lambda::EventSourceMapping')).find(
      ({ EventSourceArn }) => JSON.stringify(EventSourceArn).includes('ChatTimersQueue'),
    );

    expect(Object.keys(functions)).toHaveLength(5);
    expect(mapping).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FunctionName: { Ref: expect.stringMatching(/^WatchIdleChats/) },
    });
  });

  test('lets that function do what its code does and nothing more', () => {
    expect(actionsOf('WatchIdleChats').toSorted()).toEqual([
      'dynamodb:DeleteItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'execute-api:ManageConnections',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
  });

  test('lets whoever opens chats set wake-ups, and nobody else', () => {
    const told = Object.entries(functions)
      .filter(([, { Environment }]) => 'TIMERS_QUEUE_URL' in Environment.Variables)
      .map(([id, { Environment }]) => [id.slice(0, -8), Environment.Variables.IDLE_SECONDS]);

    expect(told).toEqual([
      ['DeliverToFlex', '1800'],
      ['WatchIdleChats', '1800'],
    ]);
    expect(actionsOf('DeliverToFlex')).toContain('sqs:SendMessage');
  });

  test('changes nothing in the state stack, which could not take an export back', () => {
    expect(state.toJSON()).toEqual(synthesize().state.toJSON());
  });

  test('adds nothing where it is not set', () => {
    const plain = synthesize().channel;

    expect(JSON.stringify(plain.toJSON())).not.toContain('ChatTimers');
    expect(Object.keys(propertiesOf(plain, 'AWS::Lambda::Function'))).toHaveLength(4);
  });

  test('hides a wake-up for six timeouts of its consumer, and dead-letters it after hours of trying', () => {
    const { VisibilityTimeout, RedrivePolicy, FifoQueue } = propertiesOf(state, 'AWS::SQS::Queue')[
      'ChatTimersQueueB0C41B83'
    ];

    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * functionNamed('WatchIdleChats').Timeout);
    expect(VisibilityTimeout * RedrivePolicy.maxReceiveCount).toBeGreaterThan(3600 * 4);
    expect(FifoQueue).toBeUndefined();
  });
});
