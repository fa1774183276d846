import { readFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type Json, propertiesOf, synthesize } from './synthesize.ts';

const { state, channel } = synthesize();

describe('FlexChannelState', () => {
  test('keeps its logical ids, since a new id is a new, empty resource', () => {
    const ids = Object.entries(state.toJSON()['Resources'])
      .map(([id]) => id)
      .sort();

    expect(ids).toEqual([
      'ChatTimersDeadLettersA525B377',
      'ChatTimersDeadLettersPolicy89E87E35',
      'ChatTimersQueueB0C41B83',
      'ChatTimersQueuePolicy69970CA7',
      'SecretsSessionKeyBDCFDE07',
      'SecretsTwilioApiKeyAA53FD95',
      'SecretsTwilioAuthToken95C0C742',
      'SessionsTableA5E8383B',
      'ToFlexDeadLettersF7115B7A',
      'ToFlexDeadLettersPolicy6537748D',
      'ToFlexQueue0521B3A3',
      'ToFlexQueuePolicy1957845D',
    ]);
  });

  test.each(['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret', 'AWS::SQS::Queue'])(
    'retains every %s when the stack is deleted or the resource replaced, but not when its creation fails',
    (type) => {
      state.allResources(type, {
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    },
  );

  test('has its table protected unless the configuration says otherwise', () => {
    const isProtected = (template: Template) =>
      Object.values(propertiesOf(template, 'AWS::DynamoDB::GlobalTable')).map(
        ({ Replicas }) => Replicas[0].DeletionProtectionEnabled,
      );

    expect(isProtected(state)).toEqual([true]);
    expect(isProtected(synthesize({}, { protectState: false }).state)).toEqual([false]);
  });

  test('makes the protected table after all that a stack can take over again, so that their failure can be rolled back', () => {
    const { Resources: resources } = state.toJSON();

    const others = ['AWS::SQS::Queue', 'AWS::SecretsManager::Secret'].flatMap((type) =>
      Object.keys(state.findResources(type)),
    );

    expect(others).toHaveLength(7);
    expect(resources['SessionsTableA5E8383B'].DependsOn.toSorted()).toEqual(others.toSorted());
  });

  test.each([true, false])('is protected itself: %s', (protectState) => {
    expect(synthesize({}, { protectState }).isStateProtected).toBe(protectState);
  });

  test('can restore the table to any second, and removes expired rows', () => {
    state.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    });
  });

  test('can take over what it left, by the names that docs/deploying.md gives', () => {
    const [, mapping = ''] =
      /## Taking over.*?```json\n(.*?)```/s.exec(readFileSync('docs/deploying.md', 'utf8')) ?? [];

    const left = Object.entries(state.toJSON()['Resources'])
      .filter(([, resource]) => (resource as Json).DeletionPolicy !== undefined)
      .map(([id]) => id);

    expect(Object.keys(JSON.parse(mapping)).toSorted()).toEqual(left.toSorted());
  });

  test('makes a session key of 64 letters and digits that no one has chosen', () => {
    state.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
  });

  test('makes the Twilio secrets in the shape that functions read, with random values until they are set', () => {
    const generators = Object.values(propertiesOf(state, 'AWS::SecretsManager::Secret')).map(
      (secret) => secret.GenerateSecretString,
    );

    expect(generators).toContainEqual({
      SecretStringTemplate: '{"keySid":""}',
      GenerateStringKey: 'keySecret',
    });
    expect(generators).toContainEqual({ SecretStringTemplate: '{}', GenerateStringKey: 'primary' });
  });

  test('sets letters aside in a FIFO queue, the only kind that a FIFO queue takes', () => {
    const queues = propertiesOf(state, 'AWS::SQS::Queue');

    expect(queues['ToFlexQueue0521B3A3'].RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': ['ToFlexDeadLettersF7115B7A', 'Arn'] },
      maxReceiveCount: 42,
    });
    expect(queues['ToFlexDeadLettersF7115B7A']).toEqual({
      FifoQueue: true,
      MessageRetentionPeriod: 14 * 24 * 3600,
    });
  });

  test('orders and de-duplicates by session, so that one session never slows another', () => {
    state.hasResourceProperties('AWS::SQS::Queue', {
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      ContentBasedDeduplication: Match.absent(),
    });
  });

  test('hides a letter for six timeouts of its consumer, so that none is delivered twice at once', () => {
    const functions = propertiesOf(channel, 'AWS::Lambda::Function');
    const consumer = Object.entries(functions).find(([id]) => id.startsWith('DeliverToFlex'));

    const { VisibilityTimeout } = propertiesOf(state, 'AWS::SQS::Queue')['ToFlexQueue0521B3A3'];

    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * consumer?.[1].Timeout);
  });

  test('refuses unencrypted calls to its queues', () => {
    const policies = propertiesOf(state, 'AWS::SQS::QueuePolicy');

    expect(Object.keys(policies)).toHaveLength(4);
    for (const { PolicyDocument } of Object.values(policies)) {
      expect(PolicyDocument.Statement).toEqual([
        expect.objectContaining({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]);
    }
  });
});
