/** What a platform team may ask of a deployment, each on and off. */
import type { Template } from 'aws-cdk-lib/assertions';
import { propertiesOf, synthesize } from './synthesize.ts';

const BOUNDARY = 'arn:aws:iam::111122223333:policy/developers';
const WEB_ACL =
  'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/chat/00000000-0000-0000-0000-000000000000';

const off = synthesize();
const on = synthesize(
  {},
  { webhookWebAclArn: WEB_ACL, webhookSources: ['203.0.113.0/24'], accessLogs: true },
  {},
  {
    account: '111122223333',
    region: 'eu-central-1',
    tags: { owner: 'chat' },
    permissionsBoundary: BOUNDARY,
  },
);

const one = (template: Template, type: string) => Object.values(propertiesOf(template, type))[0];

describe('aws.account and aws.region', () => {
  test('say where the stacks go; without them the credentials do', () => {
    const regions = (stacks: typeof on.stacks) => stacks.map(({ environment }) => environment);

    expect(regions(on.stacks)).toEqual(Array(2).fill('aws://111122223333/eu-central-1'));
    expect(regions(off.stacks)).toEqual(Array(2).fill('aws://unknown-account/unknown-region'));
  });

  test('move no stateful resource: its logical id is the same', () => {
    const ids = ({ state }: typeof on) => Object.keys(state.toJSON()['Resources']).toSorted();

    expect(ids(on)).toEqual(ids(off));
  });
});

describe('the bucket of uploads', () => {
  test('keeps its logical id, since a new id is a new, empty bucket', () => {
    const { channel } = synthesize({ files: {} });

    expect(Object.keys(channel.findResources('AWS::S3::Bucket'))).toEqual([
      'UploadsBucketC4B27CC7',
    ]);
  });
});

describe('aws.tags', () => {
  test('are tags of the stacks, which CloudFormation passes on', () => {
    const tags = (stacks: typeof on.stacks) => stacks.map((stack) => stack.tags.tagValues());

    expect(tags(on.stacks)).toEqual([{ owner: 'chat' }, { owner: 'chat' }]);
    expect(tags(off.stacks)).toEqual([{}, {}]);
  });
});

describe('aws.permissionsBoundary', () => {
  test('bounds every role', () => {
    const boundaries = ({ channel }: typeof on) =>
      Object.values(propertiesOf(channel, 'AWS::IAM::Role')).map(
        ({ PermissionsBoundary }) => PermissionsBoundary,
      );

    expect(boundaries(on).length).toBeGreaterThan(2);
    expect(new Set(boundaries(on))).toEqual(new Set([BOUNDARY]));
    expect(new Set(boundaries(off))).toEqual(new Set([undefined]));
  });
});

describe('operations.webhookWebAclArn', () => {
  test('lets AWS WAF look at each webhook first', () => {
    expect(one(on.channel, 'AWS::WAFv2::WebACLAssociation')).toMatchObject({ WebACLArn: WEB_ACL });
    expect(one(off.channel, 'AWS::WAFv2::WebACLAssociation')).toBeUndefined();
  });
});

describe('operations.webhookSources', () => {
  test('refuses calls from everywhere else', () => {
    const { Policy } = one(on.channel, 'AWS::ApiGateway::RestApi');

    expect(Policy.Statement).toEqual([
      expect.objectContaining({ Effect: 'Allow' }),
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'execute-api:Invoke',
        Resource: 'execute-api:/*',
        Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } },
      }),
    ]);
    expect(one(off.channel, 'AWS::ApiGateway::RestApi')).not.toHaveProperty('Policy');
  });

  test('reaches the stage: another policy is another deployment', () => {
    const ids = [on, off].map(({ channel }) =>
      Object.keys(channel.findResources('AWS::ApiGateway::Deployment')),
    );

    expect(ids[0]).not.toEqual(ids[1]);
  });
});

describe('operations.accessLogs', () => {
  test('are kept by an HTTP API as well', () => {
    const { channel } = synthesize({}, { accessLogs: true, webhookIntake: 'http' });
    const stages = Object.values(propertiesOf(channel, 'AWS::ApiGatewayV2::Stage'));

    expect(stages.map(({ AccessLogSettings }) => AccessLogSettings?.Format)).toEqual([
      expect.stringContaining('$context.requestId'),
      expect.stringContaining('$context.requestId'),
    ]);
  });

  test('keep a line about each request of both APIs, without address or text', () => {
    const formats = [
      one(on.channel, 'AWS::ApiGateway::Stage').AccessLogSetting.Format,
      one(on.channel, 'AWS::ApiGatewayV2::Stage').AccessLogSettings.Format,
    ];

    for (const format of formats) {
      expect(JSON.parse(format)).toHaveProperty('requestId', '$context.requestId');
      expect(format).not.toMatch(/identity|userAgent|sourceIp/);
    }
    expect(one(off.channel, 'AWS::ApiGateway::Stage')).not.toHaveProperty('AccessLogSetting');
    expect(one(off.channel, 'AWS::ApiGatewayV2::Stage')).not.toHaveProperty('AccessLogSettings');
  });
});
