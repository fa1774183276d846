/** Reads the one WebSocket API of an assembly. */
import { type Assembly, type Resource, resourcesOf } from '#local/assembly/assembly';
import { readDeployment, withoutOthers } from '../deployment.ts';
import { apiArn } from '../execute-api.ts';
import { functionOfUri, type Integration, MAX_INTEGRATION_MS } from '../integration.ts';
import { onlyOne, refuseProperties } from '../resource-checks.ts';
import { type ThrottleLimits, throttleLimits } from '../throttle.ts';
import { checkSelectionExpression } from './route-selection.ts';

export interface Route {
  readonly integration: Integration;
  /** The client gets what the function returns as `body`. */
  readonly isTwoWay: boolean;
  readonly throttle: ThrottleLimits;
}

export interface IdentitySource {
  readonly place: 'header' | 'querystring';
  readonly name: string;
}

export interface Authorizer {
  readonly integration: Integration;
  /** All of them must be there, else the authorizer is not even asked. */
  readonly identitySources: readonly IdentitySource[];
}

export interface SocketConfig {
  readonly apiId: string;
  readonly stage: string;
  readonly selectionExpression: string;
  readonly routes: ReadonlyMap<string, Route>;
  readonly authorizer: Authorizer | undefined;
  /** Logical ids of what the template has and the deployment has not. */
  readonly leftOut: readonly string[];
}

/** What a deployment of a WebSocket API consists of. */
const PARTS = ['Route', 'RouteResponse', 'Integration', 'Authorizer'].map(
  (name) => `AWS::ApiGatewayV2::${name}`,
);

/** @throws Error for what the emulator would otherwise have to ignore. */
export function readSocketConfig(assembly: Assembly): SocketConfig {
  const apis = resourcesOf(assembly, 'AWS::ApiGatewayV2::Api').filter(
    ({ properties }) => properties['ProtocolType'] !== 'HTTP',
  );
  const api = onlyOne(apis, 'WebSocket API');
  if (api.properties['ProtocolType'] !== 'WEBSOCKET') {
    throw new Error(`${api.logicalId}: only ProtocolType WEBSOCKET is emulated`);
  }
  const own = withoutOthers(assembly, api);
  const stage = readStage(own);
  const selectionExpression = String(api.properties['RouteSelectionExpression']);
  checkSelectionExpression(selectionExpression);
  const deployed = readDeployment(own, stage, PARTS);
  const routes = resourcesOf(deployed.assembly, 'AWS::ApiGatewayV2::Route');
  const read = { assembly: deployed.assembly, apiId: api.physicalId, stage };
  return {
    apiId: api.physicalId,
    stage: stage.properties['StageName'],
    selectionExpression,
    routes: new Map(routes.map((route) => [keyOf(route), readRoute(read, route)])),
    authorizer: readAuthorizer(
      read,
      routes.find((route) => keyOf(route) === '$connect'),
    ),
    leftOut: deployed.leftOut,
  };
}

interface Reading {
  readonly assembly: Assembly;
  readonly apiId: string;
  readonly stage: Resource;
}

function readStage(assembly: Assembly): Resource {
  const stage = onlyOne(resourcesOf(assembly, 'AWS::ApiGatewayV2::Stage'), 'WebSocket stage');
  if (!stage.properties['AutoDeploy']) {
    throw new Error(`${stage.logicalId}: without AutoDeploy no route is live`);
  }
  refuseProperties(stage, ['DeploymentId', 'StageVariables']);
  return stage;
}

const keyOf = (route: Resource): string => route.properties['RouteKey'];

function readRoute({ assembly, apiId, stage }: Reading, route: Resource): Route {
  refuseProperties(route, ['ApiKeyRequired', 'RequestModels', 'RequestParameters']);
  const integration = resourcesOf(assembly, 'AWS::ApiGatewayV2::Integration').find(
    ({ physicalId }) => route.properties['Target'] === `integrations/${physicalId}`,
  );
  if (integration?.properties['IntegrationType'] !== 'AWS_PROXY') {
    throw new Error(`${route.logicalId}: only AWS_PROXY integrations are emulated`);
  }
  const { DefaultRouteSettings, RouteSettings, StageName } = stage.properties;
  return {
    integration: {
      functionArn: functionOfUri(integration.properties['IntegrationUri'], integration.logicalId),
      sourceArn: apiArn(apiId, `${StageName}/${keyOf(route)}`),
      timeoutMs: integration.properties['TimeoutInMillis'] ?? MAX_INTEGRATION_MS,
    },
    isTwoWay: isTwoWay(assembly, route),
    throttle: throttleLimits({ ...DefaultRouteSettings, ...RouteSettings?.[keyOf(route)] }),
  };
}

/**
 * Both the expression and a response of that key are needed, and no other key is allowed.
 * Source: API Gateway developer guide, "Set up route responses for a WebSocket API".
 */
function isTwoWay(assembly: Assembly, route: Resource): boolean {
  const responses = resourcesOf(assembly, 'AWS::ApiGatewayV2::RouteResponse').filter(
    ({ properties }) => properties['RouteId'] === route.physicalId,
  );
  const keys = responses.map(({ properties }) => properties['RouteResponseKey']);
  const expression = route.properties['RouteResponseSelectionExpression'];
  const other = [expression, ...keys].find((key) => key !== undefined && key !== '$default');
  if (other !== undefined) {
    throw new Error(`${route.logicalId}: a route response ${other}, only $default is allowed`);
  }
  return expression === '$default' && keys.length > 0;
}

function readAuthorizer(
  { assembly, apiId }: Reading,
  connect: Resource | undefined,
): Authorizer | undefined {
  const type = connect?.properties['AuthorizationType'] ?? 'NONE';
  if (connect === undefined || type === 'NONE') return undefined;
  const authorizer = resourcesOf(assembly, 'AWS::ApiGatewayV2::Authorizer').find(
    ({ physicalId }) => connect.properties['AuthorizerId'] === physicalId,
  );
  if (type !== 'CUSTOM' || authorizer?.properties['AuthorizerType'] !== 'REQUEST') {
    throw new Error(`${connect.logicalId}: only REQUEST authorizers are emulated`);
  }
  return {
    integration: {
      functionArn: functionOfUri(authorizer.properties['AuthorizerUri'], authorizer.logicalId),
      sourceArn: apiArn(apiId, `authorizers/${authorizer.physicalId}`),
      timeoutMs: MAX_INTEGRATION_MS,
    },
    identitySources: (authorizer.properties['IdentitySource'] ?? []).map(readIdentitySource),
  };
}

function readIdentitySource(source: string): IdentitySource {
  const [, place, name] = /^route\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (name === undefined) throw new Error(`identity source ${source} is not emulated`);
  return { place: place === 'header' ? 'header' : 'querystring', name };
}
