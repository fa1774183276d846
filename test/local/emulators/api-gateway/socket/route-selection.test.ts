import {
  checkSelectionExpression,
  selectRouteKey,
} from '#local/emulators/api-gateway/socket/route-selection';

describe('route selection', () => {
  test.each([
    ['$request.body.action', '{"action":"join"}', 'join'],
    [`\${request.body.action}`, '{"action":"join"}', 'join'],
    [`\${request.body.a}/\${request.body.b}`, '{"a":"x","b":"y"}', 'x/y'],
    ['$request.body.meta.kind', '{"meta":{"kind":"deep"}}', 'deep'],
    ['$request.body.list[1]', '{"list":["a","b"]}', 'b'],
    ['$request.body.action', '{"action":7}', '7'],
    ['\\$default', '{"action":"join"}', '$default'],
    ['fixed', '{}', 'fixed'],
  ])('%s of %s gives %s', (expression, body, key) => {
    expect(selectRouteKey(expression, body)).toBe(key);
  });

  test.each(['{}', '{"action":null}', '"text"', 'null', '[]'])(
    'gives an empty text when %s lacks the path',
    (body) => {
      expect(selectRouteKey('$request.body.action', body)).toBe('');
    },
  );

  test('sees own fields only', () => {
    expect(selectRouteKey('$request.body.constructor', '{}')).toBe('');
  });

  test.each(['', 'hello', '{"action":'])('gives nothing for %j, which is not JSON', (body) => {
    expect(selectRouteKey('$request.body.action', body)).toBeUndefined();
  });

  test.each(['$request.header.x', '$context.stage', '$default'])(
    'refuses %s, a variable it does not know',
    (expression) => {
      expect(() => checkSelectionExpression(expression)).toThrow(expression);
    },
  );
});
