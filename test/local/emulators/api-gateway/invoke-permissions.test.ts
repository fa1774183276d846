import { invokePermissions } from '#local/emulators/api-gateway/invoke-permissions';
import { anAssembly, functionArn, type Overrides, permission } from './support/socket-assembly.ts';

const API = 'arn:aws:execute-api:us-east-1:000000000000:a1b2c3d4e5';

const mayInvoke = (overrides: Overrides = {}) =>
  invokePermissions(
    anAssembly([permission('Permission', 'chat', `${API}/*/POST/new-message/*`)], overrides),
  )(functionArn('chat'), `${API}/prod/POST/new-message/{sessionId}`);

describe('permission to invoke a function', () => {
  test('is given to the API and the method that it names', () => {
    expect(mayInvoke()).toBe(true);
  });

  test('may name the function without its ARN', () => {
    expect(mayInvoke({ Permission: { FunctionName: 'chat' } })).toBe(true);
  });

  test.each([
    ['for another function', { FunctionName: functionArn('other') }],
    ['for a function whose name ends alike', { FunctionName: 'at' }],
    ['for another API', { SourceArn: `${API.replace('a1b2', 'zzzz')}/*` }],
    ['for another method', { SourceArn: `${API}/*/GET/new-message/*` }],
    ['without a source', { SourceArn: undefined }],
    ['for another service', { Principal: 'events.amazonaws.com' }],
    ['for another action', { Action: 'lambda:GetFunction' }],
    ['with a condition that is not understood', { PrincipalOrgID: 'o-1' }],
  ])('%s is not given', (_what, properties) => {
    expect(mayInvoke({ Permission: properties })).toBe(false);
  });

  test('is not given by nothing', () => {
    expect(mayInvoke({ Permission: null })).toBe(false);
  });
});
