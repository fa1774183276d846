import { type Json, synthesize } from './synthesize.ts';

const { channel } = synthesize();
const resources: Record<string, Json> = channel.toJSON()['Resources'];

const idsOf = (...types: string[]): string[] =>
  Object.keys(resources).filter((id) => types.includes(resources[id].Type));

/** Logical ids that CloudFormation makes before this resource, by reference or by `DependsOn`. */
function madeBefore(id: string, seen = new Set<string>()): ReadonlySet<string> {
  const { Properties, DependsOn = [] } = resources[id];
  const referred = JSON.stringify(Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g);
  for (const next of [DependsOn].flat().concat([...referred].map(([, found]) => found))) {
    if (!(next in resources) || seen.has(next)) continue;
    seen.add(next);
    madeBefore(next, seen);
  }
  return seen;
}

describe('the first deployment', () => {
  test('of the socket is made when every route, response, integration and authorizer is there', () => {
    const [stage = ''] = idsOf('AWS::ApiGatewayV2::Stage', 'AWS::ApiGatewayV2::Deployment');
    const parts = idsOf(
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::RouteResponse',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::IntegrationResponse',
      'AWS::ApiGatewayV2::Authorizer',
      'AWS::ApiGatewayV2::Model',
    );

    expect(parts).toHaveLength(6);
    expect(parts.filter((id) => !madeBefore(stage).has(id))).toEqual([]);
  });

  test('of the socket finds API Gateway allowed to call the function', () => {
    const [stage = ''] = idsOf('AWS::ApiGatewayV2::Stage');
    const permissions = idsOf('AWS::Lambda::Permission').filter((id) =>
      JSON.stringify(resources[id]).includes('ChatSocketApi'),
    );

    expect(permissions).toHaveLength(4);
    expect(permissions.filter((id) => !madeBefore(stage).has(id))).toEqual([]);
  });

  test('of the webhooks is made when every path and method is there', () => {
    const [deployment = ''] = idsOf('AWS::ApiGateway::Deployment');
    const parts = idsOf(
      'AWS::ApiGateway::Resource',
      'AWS::ApiGateway::Method',
      'AWS::ApiGateway::Authorizer',
    );

    expect(parts).toHaveLength(12);
    expect(parts.filter((id) => !madeBefore(deployment).has(id))).toEqual([]);
  });
});
