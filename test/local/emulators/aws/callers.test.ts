import { readAssembly } from '#local/assembly/read-assembly';
import { createCallers } from '#local/emulators/aws/callers';
import { aCloudAssembly } from '#test/local/support/cloud-assembly';

const aFunction = (role: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { FunctionName: `fn-${role}`, Role: { 'Fn::GetAtt': [role, 'Arn'] } },
});
const aStatement = (action: string) => ({ Effect: 'Allow', Action: action, Resource: '*' });

function callersOf(Resources: object) {
  return createCallers(readAssembly(aCloudAssembly({ Chat: { Resources } })));
}

describe('createCallers', () => {
  test('collects what the role of each function may do, inline and attached', () => {
    const callers = callersOf({
      Reader: {
        Type: 'AWS::IAM::Role',
        Properties: { Policies: [{ PolicyDocument: { Statement: aStatement('a:Inline') } }] },
      },
      Writer: { Type: 'AWS::IAM::Role' },
      ReaderPolicy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyDocument: { Statement: [aStatement('a:Read')] },
          Roles: [{ Ref: 'Reader' }],
        },
      },
      WriterPolicy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyDocument: { Statement: [aStatement('a:Write')] },
          Roles: [{ Ref: 'Writer' }],
        },
      },
      ReaderFunction: aFunction('Reader'),
      WriterFunction: aFunction('Writer'),
    });

    const actions = callers.map(({ name, statements }) => [
      name,
      statements.map((statement) => statement['Action']),
    ]);

    expect(actions).toEqual([
      ['fn-Reader', ['a:Inline', 'a:Read']],
      ['fn-Writer', ['a:Write']],
    ]);
  });

  test('gives each function its own key', () => {
    const role = { Type: 'AWS::IAM::Role' };
    const [first, second] = callersOf({
      A: role,
      B: role,
      FnA: aFunction('A'),
      FnB: aFunction('B'),
    });

    expect(first?.accessKeyId).not.toBe(second?.accessKeyId);
    expect(first?.secretAccessKey).not.toBe(second?.secretAccessKey);
  });

  test('knows that the basic execution role grants no call', () => {
    const ManagedPolicyArns = ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'];
    const [caller] = callersOf({
      Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns } },
      Fn: aFunction('Role'),
    });

    expect(caller?.statements).toEqual([]);
  });

  test('refuses a managed policy that it does not know', () => {
    const ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];

    const attempt = () =>
      callersOf({
        Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns } },
        Fn: aFunction('Role'),
      });

    expect(attempt).toThrow('Role: managed policy arn:aws:iam::aws:policy/AdministratorAccess');
  });

  test('refuses a function whose role is not in the assembly', () => {
    const Fn = { Type: 'AWS::Lambda::Function', Properties: { Role: 'arn:aws:iam::1:role/other' } };

    const attempt = () => callersOf({ Fn });

    expect(attempt).toThrow('Fn: no role arn:aws:iam::1:role/other in the assembly');
  });
});
