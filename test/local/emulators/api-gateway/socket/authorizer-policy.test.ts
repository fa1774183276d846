import {
  evaluatePolicy,
  parseAuthorizerAnswer,
} from '#local/emulators/api-gateway/socket/authorizer-policy';

const METHOD = 'arn:aws:execute-api:us-east-1:000000000000:a1b2c3d4e5/live/$connect';

const statement = (
  Effect: string,
  Resource: unknown = METHOD,
  Action: unknown = 'execute-api:Invoke',
) => ({
  Effect,
  Action,
  Resource,
});

const anAnswer = (...Statement: object[]) => ({
  principalId: 'visitor-1',
  policyDocument: { Version: '2012-10-17', Statement },
});

function verdictOf(...statements: object[]) {
  const answer = parseAuthorizerAnswer(anAnswer(...statements));
  return answer && evaluatePolicy(answer, METHOD);
}

describe('policy of an authorizer', () => {
  test.each([
    ['the method itself', statement('Allow')],
    ['all routes of the stage', statement('Allow', METHOD.replace('$connect', '*'))],
    ['several resources', statement('Allow', ['arn:aws:s3:::x', METHOD])],
    ['everything', statement('Allow', '*', '*')],
    ['the action in another case', statement('Allow', METHOD, 'EXECUTE-API:invoke')],
  ])('that allows %s lets the client in', (_what, allowing) => {
    expect(verdictOf(allowing)).toBe('allowed');
  });

  test.each([
    ['another stage', statement('Allow', METHOD.replace('live', 'prod'))],
    ['the method in another case', statement('Allow', METHOD.toUpperCase())],
    ['a prefix of the method', statement('Allow', METHOD.slice(0, -1))],
    ['another action', statement('Allow', METHOD, 'execute-api:ManageConnections')],
  ])('that allows %s only denies', (_what, allowing) => {
    expect(verdictOf(allowing)).toBe('denied');
  });

  test('without statements denies', () => {
    expect(verdictOf()).toBe('denied');
  });

  test('that denies outweighs one that allows', () => {
    expect(verdictOf(statement('Allow'), statement('Deny'))).toBe('explicitly-denied');
  });

  test.each([
    ['a condition', { ...statement('Allow'), Condition: { Bool: { x: 'true' } } }],
    ['NotAction', { Effect: 'Allow', NotAction: 'x', Resource: METHOD }],
    ['an effect that is none', statement('allow')],
  ])('with %s makes the answer unusable', (_what, odd) => {
    expect(verdictOf(odd)).toBeUndefined();
  });
});

describe('answer of an authorizer', () => {
  test.each([
    ['nothing', null],
    ['no principal', { policyDocument: { Statement: [] } }],
    ['a list in the context', { ...anAnswer(), context: { roles: ['a'] } }],
    ['null in the context', { ...anAnswer(), context: { role: null } }],
  ])('with %s is unusable', (_what, answer) => {
    expect(parseAuthorizerAnswer(answer)).toBeUndefined();
  });

  test('may have 8 KB and not a byte more', () => {
    const spare = 8192 - JSON.stringify({ ...anAnswer(), context: { text: '' } }).length;
    const withText = (length: number) => ({ ...anAnswer(), context: { text: 'x'.repeat(length) } });

    expect(parseAuthorizerAnswer(withText(spare))).toBeDefined();
    expect(parseAuthorizerAnswer(withText(spare + 1))).toBeUndefined();
  });
});
