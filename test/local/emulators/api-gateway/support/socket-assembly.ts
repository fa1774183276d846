import type { Assembly, Resource } from '#local/assembly/assembly';

export const API_ID = 'a1b2c3d4e5';

export const functionArn = (name: string) =>
  `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
export const functionUri = (name: string) =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

/** @param overrides properties by logical id; null takes the resource away. */
export type Overrides = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/** Of resources that are all there before any deployment. */
export function anAssembly(
  resources: readonly Omit<Resource, 'stack' | 'createdAfter'>[],
  overrides: Overrides,
): Assembly {
  return {
    outputs: {},
    resources: resources
      .filter(({ logicalId }) => overrides[logicalId] !== null)
      .map((resource) => ({
        ...resource,
        stack: 'Chat',
        createdAfter: resources.map(({ logicalId }) => logicalId),
        properties: { ...resource.properties, ...overrides[resource.logicalId] },
      })),
  };
}

/** The same, but CloudFormation may create these after all others. */
export function createdLate(assembly: Assembly, ...late: readonly string[]): Assembly {
  return {
    ...assembly,
    resources: assembly.resources.map((resource) => ({
      ...resource,
      createdAfter: resource.createdAfter.filter((id) => !late.includes(id)),
    })),
  };
}

function route(key: string, name: string) {
  const logicalId = `${name}Route`;
  const source = `arn:aws:execute-api:us-east-1:000000000000:${API_ID}/*${key}`;
  return [
    {
      logicalId,
      type: 'AWS::ApiGatewayV2::Route',
      physicalId: logicalId,
      properties: {
        ApiId: API_ID,
        RouteKey: key,
        Target: `integrations/${name}Integration`,
        AuthorizationType: 'NONE',
        ...(key === '$default' && { RouteResponseSelectionExpression: '$default' }),
      },
    },
    {
      logicalId: `${name}Integration`,
      type: 'AWS::ApiGatewayV2::Integration',
      physicalId: `${name}Integration`,
      properties: {
        ApiId: API_ID,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: functionUri(name),
      },
    },
    permission(`${name}Permission`, name, source),
  ];
}

export function permission(logicalId: string, name: string, sourceArn: string) {
  return {
    logicalId,
    type: 'AWS::Lambda::Permission',
    physicalId: logicalId,
    properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn(name),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: sourceArn,
    },
  };
}

/**
 * As CDK synthesizes it: functions `authorize`, `connect`, `default` (two-way), `disconnect` and
 * `shout`, a one-way route of its own; identity source is the subprotocol; stage `live`.
 */
export function aSocketAssembly(overrides: Overrides = {}): Assembly {
  const authorizerSource = `arn:aws:execute-api:us-east-1:000000000000:${API_ID}/authorizers/auth1`;
  const resources = [
    {
      logicalId: 'Api',
      type: 'AWS::ApiGatewayV2::Api',
      physicalId: API_ID,
      properties: {
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.action',
      },
    },
    {
      logicalId: 'Stage',
      type: 'AWS::ApiGatewayV2::Stage',
      physicalId: 'live',
      properties: { ApiId: API_ID, StageName: 'live', AutoDeploy: true },
    },
    {
      logicalId: 'Authorizer',
      type: 'AWS::ApiGatewayV2::Authorizer',
      physicalId: 'auth1',
      properties: {
        ApiId: API_ID,
        AuthorizerType: 'REQUEST',
        AuthorizerUri: functionUri('authorize'),
        IdentitySource: ['route.request.header.Sec-WebSocket-Protocol'],
      },
    },
    permission('authorizePermission', 'authorize', authorizerSource),
    ...route('$connect', 'connect'),
    ...route('$default', 'default'),
    ...route('$disconnect', 'disconnect'),
    ...route('shout', 'shout'),
    {
      logicalId: 'defaultRouteResponse',
      type: 'AWS::ApiGatewayV2::RouteResponse',
      physicalId: 'response1',
      properties: { ApiId: API_ID, RouteId: 'defaultRoute', RouteResponseKey: '$default' },
    },
  ];
  const authorized = { AuthorizationType: 'CUSTOM', AuthorizerId: 'auth1' };
  return anAssembly(resources, {
    ...overrides,
    connectRoute:
      overrides['connectRoute'] === null ? null : { ...authorized, ...overrides['connectRoute'] },
  });
}
