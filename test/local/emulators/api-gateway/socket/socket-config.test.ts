import { readSocketConfig } from '#local/emulators/api-gateway/socket/socket-config';
import { aSocketAssembly, createdLate, functionArn } from '../support/socket-assembly.ts';
import { aSocketStack, endSocketStacks } from '../support/socket-stack.ts';

afterEach(endSocketStacks);

describe('configuration of the WebSocket API', () => {
  test('finds the function of each route and which of them answer', () => {
    const { routes } = readSocketConfig(aSocketAssembly());

    const functions = [...routes].map(([key, { integration }]) => [key, integration.functionArn]);
    expect(functions).toEqual([
      ['$connect', functionArn('connect')],
      ['$default', functionArn('default')],
      ['$disconnect', functionArn('disconnect')],
      ['shout', functionArn('shout')],
    ]);
    expect([...routes].filter(([, { isTwoWay }]) => isTwoWay)).toHaveLength(1);
  });

  test('serves no route that may be created after the stage', () => {
    const { routes, leftOut } = readSocketConfig(createdLate(aSocketAssembly(), 'shoutRoute'));

    expect([...routes.keys()]).toEqual(['$connect', '$default', '$disconnect']);
    expect(leftOut).toEqual(['shoutRoute']);
  });

  test('answers on no route whose response may be created after the stage', () => {
    const assembly = createdLate(aSocketAssembly(), 'defaultRouteResponse');

    const { routes, leftOut } = readSocketConfig(assembly);

    expect(routes.get('$default')?.isTwoWay).toBe(false);
    expect(leftOut).toEqual(['defaultRouteResponse']);
  });

  test('answers on no route that has a response but does not select it', () => {
    const assembly = aSocketAssembly({
      defaultRoute: { RouteResponseSelectionExpression: undefined },
    });

    expect(readSocketConfig(assembly).routes.get('$default')?.isTwoWay).toBe(false);
  });

  test('takes the time-out of an integration', () => {
    const assembly = aSocketAssembly({ defaultIntegration: { TimeoutInMillis: 5000 } });

    expect(readSocketConfig(assembly).routes.get('$default')?.integration.timeoutMs).toBe(5000);
  });

  test.each([
    ['another protocol', { Api: { ProtocolType: 'MQTT' } }, 'only ProtocolType WEBSOCKET'],
    ['an unknown selection', { Api: { RouteSelectionExpression: '$x' } }, 'unknown variable'],
    ['no API', { Api: null }, 'no WebSocket API'],
    ['an HTTP API alone', { Api: { ProtocolType: 'HTTP' } }, 'no WebSocket API'],
    ['no stage', { Stage: null }, 'no WebSocket stage'],
    ['a stage that is never deployed', { Stage: { AutoDeploy: false } }, 'no route is live'],
    ['a deployment by hand', { Stage: { DeploymentId: 'd1' } }, 'DeploymentId'],
    ['stage variables', { Stage: { StageVariables: { a: 'b' } } }, 'StageVariables'],
    ['an API key', { shoutRoute: { ApiKeyRequired: true } }, 'ApiKeyRequired'],
    ['an integration that is none', { shoutIntegration: null }, 'only AWS_PROXY'],
    ['a mock', { shoutIntegration: { IntegrationType: 'MOCK' } }, 'only AWS_PROXY'],
    [
      'a URI without function',
      { shoutIntegration: { IntegrationUri: 'https://x' } },
      'no function',
    ],
    [
      'another response',
      { defaultRouteResponse: { RouteResponseKey: 'error' } },
      'only $default is allowed',
    ],
    [
      'another selection of a response',
      { defaultRoute: { RouteResponseSelectionExpression: '$response.body.kind' } },
      'only $default is allowed',
    ],
    ['IAM as authorizer', { connectRoute: { AuthorizationType: 'AWS_IAM' } }, 'only REQUEST'],
    ['a lost authorizer', { Authorizer: null }, 'only REQUEST'],
    ['an unknown identity source', { Authorizer: { IdentitySource: ['context.x'] } }, 'context.x'],
  ])('with %s is refused', (_what, overrides, message) => {
    expect(() => readSocketConfig(aSocketAssembly(overrides))).toThrow(message);
  });

  test('with two APIs is refused by name', () => {
    const assembly = aSocketAssembly();
    const second = assembly.resources.filter(({ logicalId }) => logicalId === 'Api');
    const resources = [...assembly.resources, ...second.map((a) => ({ ...a, logicalId: 'Other' }))];

    expect(() => readSocketConfig({ ...assembly, resources })).toThrow('Api, Other');
  });

  test('knows the address of its own API only', async () => {
    const { api } = await aSocketStack();

    expect(api.url('a1b2c3d4e5')).toBe(`ws://127.0.0.1:${api.port}/live`);
    expect(() => api.url('other')).toThrow('no WebSocket API other');
  });
});
