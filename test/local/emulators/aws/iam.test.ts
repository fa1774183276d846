import { isAllowed, type Statement } from '#local/emulators/aws/iam';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Sessions';
const PUT = { action: 'dynamodb:PutItem', resource: TABLE };

const allow = (changes: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action: 'dynamodb:PutItem',
  Resource: TABLE,
  ...changes,
});
const without = (name: string, changes: Statement): Statement =>
  Object.fromEntries(Object.entries(allow(changes)).filter(([key]) => key !== name));

describe('isAllowed', () => {
  test.each<[string, Statement]>([
    ['the very action and resource', allow()],
    [
      'lists that hold them',
      allow({ Action: ['sqs:SendMessage', 'dynamodb:PutItem'], Resource: ['x', TABLE] }),
    ],
    ['an action in another case', allow({ Action: 'DynamoDB:putitem' })],
    ['* in an action', allow({ Action: 'dynamodb:*' })],
    ['* for everything', allow({ Action: '*', Resource: '*' })],
    ['* and ? in a resource', allow({ Resource: 'arn:aws:dynamodb:*:table/Session?' })],
    ['a statement id', allow({ Sid: 'Named' })],
  ])('allows by %s', (_, statement) => {
    expect(isAllowed([statement], PUT)).toBe(true);
  });

  test.each<[string, Statement[]]>([
    ['no statement', []],
    ['another action', [allow({ Action: 'dynamodb:GetItem' })]],
    ['an action that only begins alike', [allow({ Action: 'dynamodb:Put' })]],
    ['another resource', [allow({ Resource: `${TABLE}2` })]],
    ['a resource in another case', [allow({ Resource: TABLE.toLowerCase() })]],
    ['? standing for nothing', [allow({ Resource: `${TABLE}?` })]],
    ['a dot that is no wildcard', [allow({ Resource: TABLE.replace('Sessions', '.essions') })]],
    ['no resource', [without('Resource', {})]],
    ['a condition', [allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })]],
    ['NotAction', [without('Action', { NotAction: 'sqs:*' })]],
    ['NotResource', [without('Resource', { NotResource: 'arn:aws:sqs:*' })]],
    ['an unknown effect', [allow({ Effect: 'allow' })]],
    [
      'an explicit deny beside the grant',
      [allow(), allow({ Effect: 'Deny', Action: 'dynamodb:*' })],
    ],
    [
      'a conditional deny of anything',
      [allow(), { Effect: 'Deny', Action: 'sqs:*', Resource: '*', Condition: {} }],
    ],
  ])('denies by %s', (_, statements) => {
    expect(isAllowed(statements, PUT)).toBe(false);
  });

  test('is not troubled by a deny of something else', () => {
    const statements = [allow(), allow({ Effect: 'Deny', Action: 'dynamodb:DeleteItem' })];

    expect(isAllowed(statements, PUT)).toBe(true);
  });

  test('lets * reach over slashes, as in a grant for all connections of a stage', () => {
    const grant = allow({
      Action: 'execute-api:ManageConnections',
      Resource: 'arn:aws:execute-api:us-east-1:000000000000:abc/live/*/@connections/*',
    });
    const permission = {
      action: 'execute-api:ManageConnections',
      resource: 'arn:aws:execute-api:us-east-1:000000000000:abc/live/POST/@connections/a/b=',
    };

    expect(isAllowed([grant], permission)).toBe(true);
  });
});
