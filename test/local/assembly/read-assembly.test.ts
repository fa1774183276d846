import { resourcesOf } from '#local/assembly/assembly';
import { readAssets } from '#local/assembly/assets';
import { readAssembly } from '#local/assembly/read-assembly';
import { leftAlone } from '#local/assembly/resource-types';
import { aCloudAssembly } from '#test/local/support/cloud-assembly';

/** Resolves one value as the description of a resource in a stack that has a queue and a table. */
function resolved(value: unknown, more: object = {}): unknown {
  const directory = aCloudAssembly({
    State: {
      Resources: { Table: { Type: 'AWS::DynamoDB::GlobalTable' } },
      Outputs: {
        Shared: {
          Value: { Ref: 'Table' },
          Export: { Name: { 'Fn::Sub': `\${AWS::Region}-table` } },
        },
      },
    },
    Chat: {
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'ToFlex.fifo' } },
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Description: value } },
      },
      ...more,
    },
  });
  return resourcesOf(readAssembly(directory), 'AWS::ApiGatewayV2::Api')[0]?.properties[
    'Description'
  ];
}

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:ToFlex.fifo';
const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/000000000000/ToFlex.fifo';

describe('readAssembly', () => {
  test.each([
    [{ Ref: 'Queue' }, QUEUE_URL],
    [{ Ref: 'AWS::AccountId' }, '000000000000'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, QUEUE_ARN],
    [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'ToFlex.fifo'],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }]] }, 'a/us-east-1'],
    [{ 'Fn::Sub': `\${Queue.Arn}/\${AWS::Partition}/\${!kept}` }, `${QUEUE_ARN}/aws/\${kept}`],
    [{ 'Fn::Sub': [`\${Name}!`, { Name: { Ref: 'AWS::URLSuffix' } }] }, 'amazonaws.com!'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    [
      [1, { Ref: 'AWS::NoValue' }, true],
      [1, true],
    ],
    [{ kept: 0, dropped: { Ref: 'AWS::NoValue' } }, { kept: 0 }],
    [{ Bool: { Condition: { a: 'b' } } }, { Bool: { Condition: { a: 'b' } } }],
  ])('resolves %j', (value, expected) => {
    const result = resolved(value);

    expect(result).toEqual(expected);
  });

  test('resolves both ways in which one stack reads from another', () => {
    const byOutput = {
      'Fn::GetStackOutput': {
        StackName: 'State',
        OutputName: 'Shared',
        Region: { Ref: 'AWS::Region' },
      },
    };
    const byExport = { 'Fn::ImportValue': 'us-east-1-table' };

    const [first, second] = resolved([byOutput, byExport]) as string[];

    expect(first).toMatch(/^State-Table-[A-Z0-9]{12}$/);
    expect(second).toBe(first);
  });

  test('takes the branch whose condition holds', () => {
    const Conditions = {
      Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      Elsewhere: { 'Fn::Not': [{ Condition: 'Here' }] },
    };

    const here = resolved({ 'Fn::If': ['Here', 'yes', 'no'] }, { Conditions });
    const elsewhere = resolved({ 'Fn::If': ['Elsewhere', 'yes', 'no'] }, { Conditions });

    expect([here, elsewhere]).toEqual(['yes', 'no']);
  });

  test('leaves out resources and outputs whose condition does not hold', () => {
    const directory = aCloudAssembly({
      Chat: {
        Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
        Resources: { Queue: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
        Outputs: { QueueUrl: { Value: { Ref: 'Queue' }, Condition: 'Never' } },
      },
    });

    const assembly = readAssembly(directory);

    expect(assembly).toEqual({ resources: [], outputs: {} });
  });

  test.each([
    [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'Chat/Api: Fn::FindInMap is not supported'],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, 'Chat/Api, Fn::GetAtt: Queue has no attribute Colour'],
    [{ Ref: 'Nothing' }, 'Chat/Api, Ref: Nothing is unknown'],
    [{ a: { 'Fn::Join': ['', [{ Ref: 'Nothing' }]] } }, 'Chat/Api, Ref: Nothing is unknown'],
    [{ 'Fn::Join': ['', 'text'] }, 'Chat/Api, Fn::Join: needs a list, not "text"'],
    [{ 'Fn::Join': ['', [{ a: 1 }]] }, 'Chat/Api, Fn::Join: needs a text, not {"a":1}'],
    [{ 'Fn::Sub': `\${Nothing.Arn}` }, 'Chat/Api, Fn::Sub: Nothing is unknown'],
    [{ 'Fn::Select': [3, ['a']] }, 'Chat/Api, Fn::Select: has no element 3'],
    [{ 'Fn::ImportValue': 'nothing' }, 'Chat/Api, Fn::ImportValue: no stack exports nothing'],
    [
      { 'Fn::GetStackOutput': { StackName: 'State', OutputName: 'Nothing' } },
      'Chat/Api, Fn::GetStackOutput: State has no output Nothing',
    ],
    [
      { 'Fn::GetStackOutput': { StackName: 'State', OutputName: 'Shared', Region: 'eu-west-1' } },
      'Chat/Api, Fn::GetStackOutput: crosses into region eu-west-1',
    ],
    [{ 'Fn::If': ['Nothing', 1, 2] }, 'Chat/Api, Fn::If: condition Nothing is unknown'],
    [{ Ref: 'Version' }, 'Chat/Api, Ref: parameter Version lies in SSM'],
  ])('refuses %j, naming place and function', (value, message) => {
    const Parameters = { Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/v' } };

    const attempt = () => resolved(value, { Parameters });

    expect(attempt).toThrow(message);
  });

  test('refuses an output that refers to itself', () => {
    const Outputs = {
      Loop: { Value: { 'Fn::GetStackOutput': { StackName: 'Chat', OutputName: 'Loop' } } },
    };

    const attempt = () => resolved('', { Outputs });

    expect(attempt).toThrow('Chat/Outputs.Loop refers to itself');
  });

  test('refuses all resources of unknown types at once', () => {
    const directory = aCloudAssembly({
      Chat: {
        Resources: {
          Bucket: { Type: 'AWS::EC2::VPC' },
          Queue: { Type: 'AWS::SQS::Queue' },
          Custom: { Type: 'Custom::Thing' },
        },
      },
    });

    const attempt = () => readAssembly(directory);

    expect(attempt).toThrow(
      'The local stack does not know these resources:\n' +
        '  Chat/Bucket (AWS::EC2::VPC)\n  Chat/Custom (Custom::Thing)',
    );
  });

  test('gives a resource the same name at each start, and another one in another stack', () => {
    const template = {
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } },
    };

    const names = [['A'], ['A'], ['B']].map(
      ([stack]) =>
        readAssembly(aCloudAssembly({ [stack as string]: template })).resources[0]?.physicalId,
    );

    expect(names[0]).toMatch(/\/A-Queue-[A-Z0-9]{12}\.fifo$/);
    expect(names[1]).toBe(names[0]);
    expect(names[2]).not.toBe(names[0]);
  });

  test('knows what is created before a resource: what it refers to, what it depends on, and so on', () => {
    const topic = (Properties: object, DependsOn?: string | string[]) => ({
      Type: 'AWS::SNS::Topic',
      Properties,
      ...(DependsOn && { DependsOn }),
    });
    const Resources = {
      Stage: topic({ TopicName: { 'Fn::Join': ['', [{ Ref: 'ByRef' }, '-x']] } }, ['ByDependsOn']),
      ByRef: topic({ DisplayName: { 'Fn::GetAtt': ['ByGetAtt', 'TopicName'] } }),
      ByDependsOn: topic({ DisplayName: { 'Fn::Sub': `\${BySub.TopicName}-\${!No}` } }, 'Single'),
      ByGetAtt: topic({}),
      BySub: topic({}),
      Single: topic({}),
      No: topic({ DisplayName: { Ref: 'Stage' } }),
    };

    const { resources } = readAssembly(aCloudAssembly({ Chat: { Resources } }));

    const stage = resources.find(({ logicalId }) => logicalId === 'Stage');
    expect(stage?.createdAfter.toSorted()).toEqual([
      'ByDependsOn',
      'ByGetAtt',
      'ByRef',
      'BySub',
      'Single',
    ]);
  });

  test('refuses a directory without a stack', () => {
    const directory = aCloudAssembly({});

    const attempt = () => readAssembly(directory);

    expect(attempt).toThrow('holds no stack');
  });
});

describe('readAssets', () => {
  test('finds the directory of a bundle by its object key', () => {
    const directory = aCloudAssembly({ Chat: {} }, { abc: { 'index.js': '' } });

    const assets = readAssets(directory);

    expect(assets.get('abc.zip')).toBe(`${directory}/asset.abc`);
    expect(assets.get('other.zip')).toBeUndefined();
  });
});

describe('leftAlone', () => {
  test('counts resources that play no part, and says why', () => {
    const logs = { Type: 'AWS::Logs::LogGroup' };
    const Resources = { A: logs, B: logs, Queue: { Type: 'AWS::SQS::Queue' } };

    const left = leftAlone(readAssembly(aCloudAssembly({ Chat: { Resources } })));

    expect(left).toEqual(['2 × AWS::Logs::LogGroup (logging)']);
  });
});
