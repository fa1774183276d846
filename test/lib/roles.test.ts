import { type Json, propertiesOf, synthesize } from './synthesize.ts';

const { channel } = synthesize();

interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly Json[];
}

interface Subject {
  readonly environment: Record<string, Json>;
  readonly statements: readonly Statement[];
}

const asList = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

/** A function with what its role may do. */
function subject(name: string): Subject {
  const functions = Object.entries(propertiesOf(channel, 'AWS::Lambda::Function'));
  const properties = functions.find(([id]) => id.startsWith(name))?.[1];
  const role = properties.Role['Fn::GetAtt'][0];
  const policies = Object.values(propertiesOf(channel, 'AWS::IAM::Policy'));
  const statements = policies
    .filter(({ Roles }) => Roles.some(({ Ref }: Json) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map((statement: Json) => ({
      effect: statement.Effect,
      actions: asList(statement.Action),
      resources: asList(statement.Resource),
    }));
  return { environment: properties.Environment.Variables, statements };
}

const subjects: Record<string, Subject> = {
  CustomerSocket: subject('CustomerSocket'),
  DeliverToFlex: subject('DeliverToFlex'),
  FlexWebhook: subject('FlexWebhook'),
  AgentSignal: subject('AgentSignal'),
};

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];

describe('roles of FlexChannel', () => {
  test.each([
    [
      'CustomerSocket',
      [
        ...LOGS,
        'dynamodb:DeleteItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'sqs:SendMessage',
        'secretsmanager:GetSecretValue',
        'execute-api:ManageConnections',
      ],
    ],
    [
      'DeliverToFlex',
      [
        ...LOGS,
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'dynamodb:DeleteItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'secretsmanager:GetSecretValue',
        'execute-api:ManageConnections',
      ],
    ],
    [
      'FlexWebhook',
      [
        ...LOGS,
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'sqs:SendMessage',
        'secretsmanager:GetSecretValue',
        'execute-api:ManageConnections',
      ],
    ],
    [
      'AgentSignal',
      [
        ...LOGS,
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:Query',
        'secretsmanager:GetSecretValue',
        'execute-api:ManageConnections',
      ],
    ],
  ])('allow %s what its code calls and nothing more', (name, actions) => {
    const allowed = subjects[name]?.statements.flatMap((statement) => statement.actions);

    expect(allowed?.toSorted()).toEqual(actions.toSorted());
  });

  test('name only resources of this stage, with one wildcard: its own connections', () => {
    const statements = Object.values(subjects).flatMap((each) => each.statements);
    const texts = statements.flatMap(({ resources }) => resources.map((r) => JSON.stringify(r)));

    for (const text of texts) {
      const isOwn = /Logs[0-9A-F]{8}","Arn"|"Fn::ImportValue":"FlexChannelState:/.test(text);
      const isConnection = /"Ref":"ChatSocketApi.*"\/live\/(POST|DELETE)\/@connections\/\*"/.test(
        text,
      );
      expect([text, isOwn || isConnection]).toEqual([text, true]);
      expect([text, text.includes('*')]).toEqual([text, isConnection]);
    }
    expect(statements.map(({ effect }) => effect)).not.toContain('Deny');
    expect(statements.flatMap(({ actions }) => actions).join()).not.toContain('*');
  });

  test('have no managed policy, which would allow every log group of the account', () => {
    for (const role of Object.values(propertiesOf(channel, 'AWS::IAM::Role'))) {
      expect(role.ManagedPolicyArns).toBeUndefined();
    }
  });

  test('let only the functions that find ended sessions close connections', () => {
    const closers = Object.entries(subjects)
      .filter(([, { statements }]) => JSON.stringify(statements).includes('/DELETE/@connections/'))
      .map(([name]) => name);

    expect(closers).toEqual(['CustomerSocket', 'DeliverToFlex']);
  });

  test('let every function write to its own log group only', () => {
    for (const [name, { statements }] of Object.entries(subjects)) {
      const logs = statements.find(({ actions }) => actions.includes('logs:PutLogEvents'));

      expect(logs?.resources).toHaveLength(1);
      expect(logs?.resources[0]['Fn::GetAtt'][0]).toMatch(new RegExp(`^${name}Logs`));
    }
  });

  test.each([
    ['TABLE_NAME', 'dynamodb:Query'],
    ['QUEUE_URL', 'sqs:SendMessage', 'sqs:ChangeMessageVisibility'],
    ['MAX_TRIES', 'sqs:ReceiveMessage'],
    ['SOCKET_CALLBACK_URL', 'execute-api:ManageConnections'],
  ])('come with %s exactly where they allow %s', (variable, ...actions) => {
    const flags = Object.values(subjects).map(({ environment, statements }) => ({
      told: variable in environment,
      allowed: statements.some((each) => each.actions.some((one) => actions.includes(one))),
    }));

    expect(flags.map(({ told }) => told)).toContain(true);
    for (const { told, allowed } of flags) expect(told).toBe(allowed);
  });

  test.each([
    ['CustomerSocket', ['SESSION_KEY_SECRET_ARN', 'TWILIO_API_KEY_SECRET_ARN']],
    ['DeliverToFlex', ['TWILIO_API_KEY_SECRET_ARN']],
    ['FlexWebhook', ['TWILIO_API_KEY_SECRET_ARN', 'TWILIO_AUTH_TOKEN_SECRET_ARN']],
    ['AgentSignal', ['TWILIO_API_KEY_SECRET_ARN']],
  ])('let %s read exactly the secrets %j that it is told of', (name, variables) => {
    const { environment = {}, statements = [] } = subjects[name] ?? {};
    const told = Object.keys(environment)
      .filter((key) => key.endsWith('_SECRET_ARN'))
      .toSorted();
    const readable = statements
      .filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'))
      .flatMap(({ resources }) => resources);

    expect(told).toEqual(variables);
    const asTexts = (values: Json[]) => values.map((value) => JSON.stringify(value)).toSorted();
    expect(asTexts(readable)).toEqual(asTexts(told.map((key) => environment[key])));
  });

  test('leave no secret value in an environment', () => {
    for (const { environment } of Object.values(subjects)) {
      expect(JSON.stringify(environment)).not.toContain('{{resolve:');
    }
  });
});
