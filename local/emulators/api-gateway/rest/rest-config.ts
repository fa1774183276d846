/** Reads the one REST API of an assembly. */
import { type Assembly, type Resource, resourcesOf } from '#local/assembly/assembly';
import { readDeployment } from '../deployment.ts';
import { apiArn } from '../execute-api.ts';
import { functionOfUri, type Integration, MAX_INTEGRATION_MS } from '../integration.ts';
import { onlyOne, refuseProperties } from '../resource-checks.ts';
import { type ThrottleLimits, throttleLimits } from '../throttle.ts';

export interface RestMethod {
  /** `GET`, `POST` … or `ANY`. */
  readonly httpMethod: string;
  readonly integration: Integration;
  readonly throttle: ThrottleLimits;
}

export interface RestResource {
  readonly resourceId: string;
  /** Such as `/new-message/{sessionId}`. */
  readonly resourcePath: string;
  readonly methods: readonly RestMethod[];
}

export interface RestConfig {
  readonly kind: 'rest' | 'http';
  readonly apiId: string;
  readonly stage: string;
  /** Those with methods. */
  readonly resources: readonly RestResource[];
  /** Logical ids of what the template has and the deployment has not. */
  readonly leftOut: readonly string[];
}

/** What a deployment of a REST API consists of. */
const PARTS = ['AWS::ApiGateway::Resource', 'AWS::ApiGateway::Method'];

/** @throws Error for what the emulator would otherwise have to ignore. */
export function readRestConfig(assembly: Assembly): RestConfig {
  const api = onlyOne(resourcesOf(assembly, 'AWS::ApiGateway::RestApi'), 'REST API');
  refuseProperties(api, ['Policy', 'BinaryMediaTypes', 'Body', 'MinimumCompressionSize']);
  const stage = onlyOne(resourcesOf(assembly, 'AWS::ApiGateway::Stage'), 'REST stage');
  refuseProperties(stage, ['Variables', 'CanarySetting']);
  const deployed = readDeployment(assembly, deploymentOf(assembly, stage), PARTS);
  const paths = resourcePaths(deployed.assembly);
  const byResource = Map.groupBy(
    resourcesOf(deployed.assembly, 'AWS::ApiGateway::Method'),
    ({ properties }) => String(properties['ResourceId']),
  );
  return {
    kind: 'rest',
    apiId: api.physicalId,
    stage: stage.properties['StageName'],
    resources: [...byResource].map(([resourceId, methods]) => {
      // Only the root is no resource of its own.
      const resourcePath = paths.get(resourceId) ?? '/';
      const read = { apiId: api.physicalId, stage, resourcePath };
      return { resourceId, resourcePath, methods: methods.map((m) => readMethod(read, m)) };
    }),
    leftOut: deployed.leftOut,
  };
}

function deploymentOf(assembly: Assembly, stage: Resource): Resource {
  const deployment = resourcesOf(assembly, 'AWS::ApiGateway::Deployment').find(
    ({ physicalId }) => physicalId === stage.properties['DeploymentId'],
  );
  if (deployment === undefined) throw new Error(`${stage.logicalId}: its deployment is absent`);
  return deployment;
}

function resourcePaths(assembly: Assembly): Map<string, string> {
  const resources = resourcesOf(assembly, 'AWS::ApiGateway::Resource');
  const byId = new Map(resources.map((resource) => [resource.physicalId, resource]));
  const pathOf = (resource: Resource): string => {
    const parent = byId.get(resource.properties['ParentId']);
    return `${parent === undefined ? '' : pathOf(parent)}/${resource.properties['PathPart']}`;
  };
  return new Map(resources.map((resource) => [resource.physicalId, pathOf(resource)]));
}

interface Reading {
  readonly apiId: string;
  readonly stage: Resource;
  readonly resourcePath: string;
}

function readMethod({ apiId, stage, resourcePath }: Reading, method: Resource): RestMethod {
  const { AuthorizationType, HttpMethod, Integration } = method.properties;
  if ((AuthorizationType ?? 'NONE') !== 'NONE') {
    throw new Error(`${method.logicalId}: AuthorizationType ${AuthorizationType} is not emulated`);
  }
  refuseProperties(method, ['ApiKeyRequired', 'RequestParameters', 'RequestValidatorId']);
  if (Integration?.Type !== 'AWS_PROXY') {
    throw new Error(`${method.logicalId}: only AWS_PROXY integrations are emulated`);
  }
  return {
    httpMethod: HttpMethod,
    integration: {
      functionArn: functionOfUri(Integration.Uri, method.logicalId),
      sourceArn: apiArn(apiId, `${stage.properties['StageName']}/${HttpMethod}${resourcePath}`),
      timeoutMs: Integration.TimeoutInMillis ?? MAX_INTEGRATION_MS,
    },
    throttle: throttleLimits(methodSettings(stage, resourcePath, HttpMethod)),
  };
}

/** Settings of all methods of the stage, overridden by those of this one. */
function methodSettings(stage: Resource, resourcePath: string, httpMethod: string) {
  const settings: Record<string, unknown>[] = stage.properties['MethodSettings'] ?? [];
  const settingsOf = (path: string, method: string) =>
    settings.find(
      ({ ResourcePath, HttpMethod }) => decodePath(ResourcePath) === path && HttpMethod === method,
    );
  return { ...settingsOf('/*', '*'), ...settingsOf(resourcePath, httpMethod) };
}

/** In method settings `/new-message/{id}` is written `/~1new-message~1{id}`. */
const decodePath = (path: unknown): string =>
  String(path).replace(/^\/~1/, '/').replaceAll('~1', '/');
