import { type Json, propertiesOf, synthesize } from './synthesize.ts';

const { state, channel } = synthesize({ files: { maxBytes: 5_000 } });

const only = (type: string, template = channel): Json =>
  Object.values(propertiesOf(template, type))[0];

const asList = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

function actionsOf(name: string, service: string): string[] {
  return Object.entries(propertiesOf(channel, 'AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(`${name}Role`))
    .flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement)
    .flatMap(({ Action }: Json) => asList(Action))
    .filter((action) => action.startsWith(service))
    .toSorted();
}

describe('customers.files', () => {
  test('adds a private, encrypted bucket whose objects live for a day', () => {
    expect(only('AWS::S3::Bucket')).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1, Status: 'Enabled' }] },
    });
  });

  test('lets only pages of the allowed origins upload, and refuses what is not TLS', () => {
    const { CorsRules } = only('AWS::S3::Bucket').CorsConfiguration;

    expect(CorsRules).toMatchObject([
      {
        AllowedMethods: ['POST'],
        AllowedOrigins: ['http://127.0.0.1:3000', 'http://localhost:3000'],
      },
    ]);
    expect(CorsRules[0]).not.toHaveProperty('AllowedHeaders');
    expect(only('AWS::S3::BucketPolicy').PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
  });

  test('names where pages upload to, for their policies', () => {
    expect(channel.findOutputs('UploadUrl')).toHaveProperty('UploadUrl');
    expect(synthesize({}).channel.findOutputs('UploadUrl')).toEqual({});
  });

  test('has no rule for pages where no page is allowed', () => {
    const { channel: closed } = synthesize({
      files: {},
      allowedOrigins: [],
      allowNonBrowserClients: true,
    });

    expect(only('AWS::S3::Bucket', closed)).not.toHaveProperty('CorsConfiguration');
  });

  test('lets its rule, and nobody else, put news into that queue', () => {
    const [ruleId] = Object.keys(propertiesOf(channel, 'AWS::Events::Rule'));
    const [{ Arn: target }] = only('AWS::Events::Rule').Targets;
    const allowed = Object.values(propertiesOf(channel, 'AWS::SQS::QueuePolicy'))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Effect }: Json) => Effect === 'Allow');

    expect(allowed).toMatchObject([
      {
        Action: expect.arrayContaining(['sqs:SendMessage']),
        Principal: { Service: 'events.amazonaws.com' },
        Resource: target,
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [ruleId, 'Arn'] } } },
      },
    ]);
  });

  test('tells of new objects by a queue, which is tried for half an hour', () => {
    expect(only('AWS::Events::Rule').EventPattern).toMatchObject({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
    });
    const news = Object.entries(propertiesOf(channel, 'AWS::SQS::Queue')).find(([id]) =>
      id.startsWith('UploadsNews'),
    )?.[1];
    expect(news.VisibilityTimeout * news.RedrivePolicy.maxReceiveCount).toBe(30 * 60);
  });

  test('lets each function do with files what its code does', () => {
    expect(actionsOf('CustomerSocket', 's3')).toEqual(['s3:PutObject']);
    expect(actionsOf('AcceptFile', 's3')).toEqual(['s3:GetObject', 's3:ListBucket']);
    expect(actionsOf('DeliverToFlex', 's3')).toEqual([
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
    ]);
    expect(actionsOf('FlexWebhook', 's3')).toEqual([]);
    expect(actionsOf('AcceptFile', 'dynamodb')).toEqual(['dynamodb:DeleteItem', 'dynamodb:Query']);
  });

  test('tells the functions the limits', () => {
    const functions = propertiesOf(channel, 'AWS::Lambda::Function');
    const told = Object.values(functions)
      .map(({ Environment }) => Environment.Variables)
      .filter((variables) => 'FILE_POLICY' in variables);

    expect(told).toHaveLength(2);
    for (const { FILE_POLICY, SCANS_FILES } of told) {
      expect(JSON.parse(FILE_POLICY)).toMatchObject({ maxBytes: 5_000, perSession: 50 });
      expect(SCANS_FILES).toBe('false');
    }
  });

  test('scans where that is asked for, and then hears of nothing but the scan', () => {
    const { channel: scanning } = synthesize({ files: { malwareScan: true } });

    expect(only('AWS::GuardDuty::MalwareProtectionPlan', scanning)).toMatchObject({
      ProtectedResource: { S3Bucket: { ObjectPrefixes: ['quarantine/'] } },
    });
    expect(only('AWS::Events::Rule', scanning).EventPattern).toMatchObject({
      source: ['aws.guardduty'],
    });
    expect(only('AWS::GuardDuty::MalwareProtectionPlan')).toBeUndefined();
  });

  test('changes nothing in the state stack, and adds nothing where it is not set', () => {
    const plain = synthesize();

    expect(state.toJSON()).toEqual(plain.state.toJSON());
    expect(JSON.stringify(plain.channel.toJSON())).not.toMatch(/AWS::S3|AWS::Events|FILE/);
  });
});
