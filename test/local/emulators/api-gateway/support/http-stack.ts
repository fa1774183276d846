import { startRestApi } from '#local/emulators/api-gateway/rest/rest-api';
import { type AnyEvent, FakeFunctions } from './fake-functions.ts';
import { anAssembly, functionUri, type Overrides, permission } from './socket-assembly.ts';

export const HTTP_API_ID = 'h1t2t3p4a5';
const ARN = `arn:aws:execute-api:us-east-1:000000000000:${HTTP_API_ID}`;

const part = (logicalId: string, type: string, properties: object) => ({
  logicalId,
  type: `AWS::ApiGatewayV2::${type}`,
  physicalId: logicalId,
  properties: { ApiId: HTTP_API_ID, ...properties },
});

const route = (logicalId: string, RouteKey: string) =>
  part(logicalId, 'Route', { RouteKey, Target: 'integrations/Handler' });

/** `POST /new-message` and `POST /new-message/{sessionId}` of one function, stage `prod`. */
export function anHttpAssembly(overrides: Overrides = {}) {
  return anAssembly(
    [
      {
        ...part('Http', 'Api', { Name: 'Webhooks', ProtocolType: 'HTTP' }),
        physicalId: HTTP_API_ID,
      },
      { ...part('Stage', 'Stage', { StageName: 'prod', AutoDeploy: true }), physicalId: 'prod' },
      part('Handler', 'Integration', {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: functionUri('webhook'),
        PayloadFormatVersion: '1.0',
      }),
      route('PostMessage', 'POST /new-message'),
      route('PostSession', 'POST /new-message/{sessionId}'),
      permission('MessagePermission', 'webhook', `${ARN}/*/*/new-message`),
      permission('SessionPermission', 'webhook', `${ARN}/*/*/new-message/{sessionId}`),
    ],
    overrides,
  );
}

export async function anHttpStack(
  webhook: (event: AnyEvent) => unknown = () => ({ statusCode: 200, body: 'thanks' }),
  overrides: Overrides = {},
) {
  const functions = new FakeFunctions({ webhook });
  const api = await startRestApi({ assembly: anHttpAssembly(overrides), functions });
  return {
    functions,
    close: () => api.close(),
    async post(path: string, type = 'application/x-www-form-urlencoded', body = 'Body=hi') {
      const response = await fetch(`http://127.0.0.1:${api.port}${path}`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': type, 'X-Twilio-Signature': 'abc=' },
      });
      return `${response.status} ${await response.text()}`;
    },
  };
}
