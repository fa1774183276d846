/** Reads the one HTTP API of an assembly, into the form of a REST API. */
import { type Assembly, type Resource, resourcesOf } from '#local/assembly/assembly';
import { readDeployment, withoutOthers } from '../deployment.ts';
import { apiArn } from '../execute-api.ts';
import { functionOfUri } from '../integration.ts';
import { onlyOne, refuseProperties } from '../resource-checks.ts';
import { throttleLimits } from '../throttle.ts';
import type { RestConfig, RestMethod } from './rest-config.ts';

const PARTS = ['AWS::ApiGatewayV2::Route', 'AWS::ApiGatewayV2::Integration'];

/** Source: API Gateway developer guide, "Quotas for HTTP APIs". */
const MAX_INTEGRATION_MS = 30_000;

export const httpApisOf = (assembly: Assembly): readonly Resource[] =>
  resourcesOf(assembly, 'AWS::ApiGatewayV2::Api').filter(
    ({ properties }) => properties['ProtocolType'] === 'HTTP',
  );

/** @throws Error for what the emulator would otherwise have to ignore. */
export function readHttpConfig(assembly: Assembly): RestConfig {
  const api = onlyOne(httpApisOf(assembly), 'HTTP API');
  refuseProperties(api, ['Body', 'CorsConfiguration', 'RouteKey', 'Target']);
  const own = withoutOthers(assembly, api);
  const stages = resourcesOf(own, 'AWS::ApiGatewayV2::Stage');
  const stage = onlyOne(stages, 'stage of the HTTP API');
  if (!stage.properties['AutoDeploy']) {
    throw new Error(`${stage.logicalId}: without AutoDeploy no route is live`);
  }
  refuseProperties(stage, ['DeploymentId', 'StageVariables']);
  const deployed = readDeployment(own, stage, PARTS);
  const routes = resourcesOf(deployed.assembly, 'AWS::ApiGatewayV2::Route');
  const read = { assembly: deployed.assembly, apiId: api.physicalId, stage };
  const byPath = Map.groupBy(routes, (route) => keyOf(route).path);
  return {
    kind: 'http',
    apiId: api.physicalId,
    stage: stage.properties['StageName'],
    resources: [...byPath].map(([resourcePath, ofPath]) => ({
      resourceId: ofPath[0]?.physicalId ?? '',
      resourcePath,
      methods: ofPath.map((route) => readRoute(read, route)),
    })),
    leftOut: deployed.leftOut,
  };
}

function keyOf(route: Resource): { readonly method: string; readonly path: string } {
  const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(String(route.properties['RouteKey'])) ?? [];
  if (method === undefined || path === undefined) {
    throw new Error(`${route.logicalId}: route ${route.properties['RouteKey']} is not emulated`);
  }
  return { method, path };
}

interface Reading {
  readonly assembly: Assembly;
  readonly apiId: string;
  readonly stage: Resource;
}

function readRoute({ assembly, apiId, stage }: Reading, route: Resource): RestMethod {
  const { method, path } = keyOf(route);
  if ((route.properties['AuthorizationType'] ?? 'NONE') !== 'NONE') {
    throw new Error(`${route.logicalId}: authorizers of HTTP APIs are not emulated`);
  }
  const integration = resourcesOf(assembly, 'AWS::ApiGatewayV2::Integration').find(
    ({ physicalId }) => route.properties['Target'] === `integrations/${physicalId}`,
  );
  if (integration?.properties['IntegrationType'] !== 'AWS_PROXY') {
    throw new Error(`${route.logicalId}: only AWS_PROXY integrations are emulated`);
  }
  if (integration.properties['PayloadFormatVersion'] !== '1.0') {
    throw new Error(`${integration.logicalId}: only payload format 1.0 is emulated`);
  }
  const { DefaultRouteSettings, RouteSettings, StageName } = stage.properties;
  const uri = integration.properties['IntegrationUri'];
  const settings = { ...DefaultRouteSettings, ...RouteSettings?.[`${method} ${path}`] };
  return {
    httpMethod: method,
    integration: {
      functionArn: String(uri).startsWith('arn:aws:lambda:')
        ? String(uri)
        : functionOfUri(uri, integration.logicalId),
      sourceArn: apiArn(apiId, `${StageName}/${method}${path}`),
      timeoutMs: integration.properties['TimeoutInMillis'] ?? MAX_INTEGRATION_MS,
    },
    throttle: throttleLimits(settings),
  };
}
