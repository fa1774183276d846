/** Which resource types the local stack knows, and how AWS names their resources. */

import { type Assembly, LOCAL_ACCOUNT, LOCAL_REGION } from './assembly.ts';
import { arn, generatedName, lowerId, type Origin, upperId, uuid } from './physical-ids.ts';

/** What CloudFormation knows of a resource once it is created. */
export interface ResourceIdentity {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by attribute. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A resource that is to be named. */
interface Unnamed extends Origin {
  /** @returns a resolved property, or undefined when the template does not set it. */
  property(name: string): unknown;
}

export interface ResourceType {
  identify(resource: Unnamed): ResourceIdentity;
  /** Why the local stack may leave such a resource alone; absent when the resource plays a part. */
  readonly inert?: string;
}

/** The name in the template, or one that CloudFormation would make up. */
function nameOf(resource: Unnamed, property: string, ending = ''): string {
  const given = resource.property(property);
  return typeof given === 'string' ? given : `${generatedName(resource)}${ending}`;
}

function identifyFunction(resource: Unnamed): ResourceIdentity {
  const ref = nameOf(resource, 'FunctionName');
  return { ref, attributes: { Arn: arn('lambda', `function:${ref}`) } };
}

function identifyRole(resource: Unnamed): ResourceIdentity {
  const ref = nameOf(resource, 'RoleName');
  const roleArn = `arn:aws:iam::${LOCAL_ACCOUNT}:role/${ref}`;
  return { ref, attributes: { Arn: roleArn, RoleId: `AROA${upperId(resource, 17)}` } };
}

function identifyQueue(resource: Unnamed): ResourceIdentity {
  const name = nameOf(resource, 'QueueName', resource.property('FifoQueue') ? '.fifo' : '');
  const ref = `https://sqs.${LOCAL_REGION}.amazonaws.com/${LOCAL_ACCOUNT}/${name}`;
  return { ref, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: ref } };
}

function identifyTable(resource: Unnamed): ResourceIdentity {
  const ref = nameOf(resource, 'TableName');
  return { ref, attributes: { Arn: arn('dynamodb', `table/${ref}`), TableId: uuid(resource) } };
}

function identifySecret(resource: Unnamed): ResourceIdentity {
  const given = resource.property('Name');
  const name = typeof given === 'string' ? given : `${resource.logicalId}-${upperId(resource, 12)}`;
  const ref = arn('secretsmanager', `secret:${name}-${upperId(resource, 6, 'arn')}`);
  return { ref, attributes: { Id: ref } };
}

function identifyApiV2(resource: Unnamed): ResourceIdentity {
  const ref = lowerId(resource, 10);
  const scheme = resource.property('ProtocolType') === 'HTTP' ? 'https' : 'wss';
  const endpoint = `${scheme}://${ref}.execute-api.${LOCAL_REGION}.amazonaws.com`;
  return { ref, attributes: { ApiId: ref, ApiEndpoint: endpoint } };
}

function identifyRestApi(resource: Unnamed): ResourceIdentity {
  const ref = lowerId(resource, 10);
  return { ref, attributes: { RestApiId: ref, RootResourceId: lowerId(resource, 10, 'root') } };
}

function identifyLogGroup(resource: Unnamed): ResourceIdentity {
  const ref = nameOf(resource, 'LogGroupName');
  return { ref, attributes: { Arn: arn('logs', `log-group:${ref}:*`) } };
}

function identifyBucket(resource: Unnamed): ResourceIdentity {
  // Names of buckets have no upper case, and no more than 63 characters.
  const given = resource.property('BucketName');
  const ref =
    typeof given === 'string'
      ? given
      : `${resource.stack}-${resource.logicalId}`
          .toLowerCase()
          .slice(0, 50)
          .concat(`-${lowerId(resource, 12)}`);
  const domain = (host: string) => `${ref}.${host}.amazonaws.com`;
  return {
    ref,
    attributes: {
      Arn: `arn:aws:s3:::${ref}`,
      DomainName: domain('s3'),
      RegionalDomainName: domain(`s3.${LOCAL_REGION}`),
    },
  };
}

function identifyRule(resource: Unnamed): ResourceIdentity {
  const ref = nameOf(resource, 'Name');
  return { ref, attributes: { Arn: arn('events', `rule/${ref}`) } };
}

function identifyTopic(resource: Unnamed): ResourceIdentity {
  const name = nameOf(resource, 'TopicName');
  const ref = arn('sns', name);
  return { ref, attributes: { TopicArn: ref, TopicName: name } };
}

function identifyAlarm(resource: Unnamed): ResourceIdentity {
  const ref = nameOf(resource, 'AlarmName');
  return { ref, attributes: { Arn: arn('cloudwatch', `alarm:${ref}`) } };
}

const identifyStage = (resource: Unnamed): ResourceIdentity => ({
  ref: String(resource.property('StageName')),
});
const byGeneratedName = (resource: Unnamed): ResourceIdentity => ({ ref: generatedName(resource) });
const byUuid = (resource: Unnamed): ResourceIdentity => ({ ref: uuid(resource) });
const byShortId = (resource: Unnamed): ResourceIdentity => ({ ref: lowerId(resource, 7) });

/** A type that is not in this table stops the start: nothing of a template is skipped in silence. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': { identify: identifyFunction },
  'AWS::Lambda::EventSourceMapping': { identify: byUuid },
  'AWS::Lambda::Permission': { identify: byGeneratedName },
  'AWS::IAM::Role': { identify: identifyRole },
  'AWS::IAM::Policy': { identify: byGeneratedName },
  'AWS::SQS::Queue': { identify: identifyQueue },
  'AWS::DynamoDB::GlobalTable': { identify: identifyTable },
  'AWS::DynamoDB::Table': { identify: identifyTable },
  'AWS::S3::Bucket': { identify: identifyBucket },
  'AWS::Events::Rule': { identify: identifyRule },
  'AWS::GuardDuty::MalwareProtectionPlan': { identify: byUuid },
  'AWS::SecretsManager::Secret': { identify: identifySecret },
  'AWS::ApiGatewayV2::Api': { identify: identifyApiV2 },
  'AWS::ApiGatewayV2::Authorizer': { identify: byShortId },
  'AWS::ApiGatewayV2::Integration': { identify: byShortId },
  'AWS::ApiGatewayV2::Route': { identify: byShortId },
  'AWS::ApiGatewayV2::RouteResponse': { identify: byShortId },
  'AWS::ApiGatewayV2::Stage': { identify: identifyStage },
  'AWS::ApiGateway::RestApi': { identify: identifyRestApi },
  'AWS::ApiGateway::Resource': { identify: byShortId },
  'AWS::ApiGateway::Method': { identify: byGeneratedName },
  'AWS::ApiGateway::Deployment': { identify: byShortId },
  'AWS::ApiGateway::Stage': { identify: identifyStage },

  'AWS::ApiGateway::Account': { identify: byGeneratedName, inert: 'logging' },
  'AWS::CDK::Metadata': { identify: byGeneratedName, inert: 'telemetry' },
  'AWS::CloudWatch::Alarm': { identify: identifyAlarm, inert: 'monitoring' },
  'AWS::CloudWatch::CompositeAlarm': { identify: identifyAlarm, inert: 'monitoring' },
  'AWS::CloudWatch::Dashboard': { identify: byGeneratedName, inert: 'monitoring' },
  'AWS::Logs::LogGroup': { identify: identifyLogGroup, inert: 'logging' },
  'AWS::Logs::QueryDefinition': { identify: byUuid, inert: 'monitoring' },
  'AWS::Logs::MetricFilter': { identify: byGeneratedName, inert: 'monitoring' },
  'AWS::SNS::Subscription': { identify: byUuid, inert: 'monitoring' },
  'AWS::SNS::Topic': { identify: identifyTopic, inert: 'monitoring' },
  'AWS::SNS::TopicPolicy': { identify: byGeneratedName, inert: 'monitoring' },
  'AWS::S3::BucketPolicy': { identify: byGeneratedName, inert: 'unenforced' },
  'AWS::SQS::QueuePolicy': { identify: byGeneratedName, inert: 'unenforced' },
};

/** @returns what the local stack leaves alone, one entry for each type, such as `3 × AWS::Logs::LogGroup (logging)`. */
export function leftAlone({ resources }: Assembly): string[] {
  return Object.entries(RESOURCE_TYPES).flatMap(([type, { inert }]) => {
    const count = resources.filter((resource) => resource.type === type).length;
    return inert === undefined || count === 0 ? [] : [`${count} × ${type} (${inert})`];
  });
}
