import type { Assembly } from '#local/assembly/assembly';
import {
  type RestApi,
  type RestApiOptions,
  startRestApi,
} from '#local/emulators/api-gateway/rest/rest-api';
import { type AnyEvent, FakeFunctions } from './fake-functions.ts';
import { anAssembly, functionUri, type Overrides, permission } from './socket-assembly.ts';

export const REST_API_ID = 'r9s8t7u6v5';
const ARN = `arn:aws:execute-api:us-east-1:000000000000:${REST_API_ID}`;

const resource = (logicalId: string, ParentId: string, PathPart: string) => ({
  logicalId,
  type: 'AWS::ApiGateway::Resource',
  physicalId: logicalId,
  properties: { ParentId, PathPart, RestApiId: REST_API_ID },
});

const method = (logicalId: string, ResourceId: string, HttpMethod = 'POST') => ({
  logicalId,
  type: 'AWS::ApiGateway::Method',
  physicalId: logicalId,
  properties: {
    AuthorizationType: 'NONE',
    HttpMethod,
    ResourceId,
    RestApiId: REST_API_ID,
    Integration: {
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      Uri: functionUri('webhook'),
    },
  },
});

/** `POST /new-message`, `POST /new-message/{sessionId}` and `GET /` of one function, stage `prod`. */
export function aRestAssembly(overrides: Overrides = {}): Assembly {
  return anAssembly(
    [
      {
        logicalId: 'Rest',
        type: 'AWS::ApiGateway::RestApi',
        physicalId: REST_API_ID,
        properties: { Name: 'Webhooks' },
      },
      {
        logicalId: 'Stage',
        type: 'AWS::ApiGateway::Stage',
        physicalId: 'prod',
        properties: { RestApiId: REST_API_ID, StageName: 'prod', DeploymentId: 'deployment1' },
      },
      {
        logicalId: 'Deployment',
        type: 'AWS::ApiGateway::Deployment',
        physicalId: 'deployment1',
        properties: { RestApiId: REST_API_ID },
      },
      resource('NewMessage', 'root', 'new-message'),
      resource('Session', 'NewMessage', '{sessionId}'),
      method('GetRoot', 'root', 'GET'),
      method('PostMessage', 'NewMessage'),
      method('PostSession', 'Session'),
      permission('RootPermission', 'webhook', `${ARN}/prod/GET/`),
      permission('MessagePermission', 'webhook', `${ARN}/prod/POST/new-message`),
      permission('SessionPermission', 'webhook', `${ARN}/prod/POST/new-message/*`),
    ],
    overrides,
  );
}

export interface RestStack {
  readonly api: RestApi;
  readonly functions: FakeFunctions;
  /** Sends a form to a path below the stage. */
  post(path: string, body?: string, headers?: Record<string, string>): Promise<Response>;
}

const open: RestApi[] = [];

/** Ends all stacks of a test; belongs into `afterEach`. */
export async function endRestStacks(): Promise<void> {
  await Promise.all(open.splice(0).map((api) => api.close()));
}

export async function aRestStack(
  webhook: (event: AnyEvent) => unknown = () => ({ statusCode: 200, body: 'thanks' }),
  { overrides = {}, ...options }: Partial<RestApiOptions> & { overrides?: Overrides } = {},
): Promise<RestStack> {
  const functions = new FakeFunctions({ webhook });
  const api = await startRestApi({ assembly: aRestAssembly(overrides), functions, ...options });
  open.push(api);
  return {
    api,
    functions,
    post: (path, body = 'Body=hi', headers = {}) =>
      fetch(`${api.url(REST_API_ID)}${path}`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      }),
  };
}
