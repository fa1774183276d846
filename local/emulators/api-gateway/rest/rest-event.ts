import { LOCAL_ACCOUNT } from '#local/assembly/assembly';
import { domainName } from '../execute-api.ts';
import { fieldsOf, forwardedPairs, withoutNames } from '../http-fields.ts';
import { requestTime } from '../request-time.ts';
import type { RestMatch } from './rest-match.ts';

/** One request to a REST API. */
export interface RestRequest {
  readonly method: string;
  /** Below the stage, percent-encoding untouched. */
  readonly path: string;
  /** As received, without the mark. */
  readonly query: string;
  /** In the client's case. */
  readonly headers: readonly [string, string][];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

export interface RestOccasion {
  readonly apiId: string;
  readonly stage: string;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
  readonly nowMs: number;
}

/** Headers of the connection between client and API Gateway; functions don't get them. */
const HOP_BY_HOP = ['connection', 'content-length', 'keep-alive', 'transfer-encoding'];

/**
 * The event of a Lambda proxy integration of a REST API (payload format 1.0). The body is text
 * whatever its type, since no binary media types are configured. Query parameters lose their order.
 * Source: API Gateway developer guide, "Set up Lambda proxy integrations".
 */
export function restEvent(request: RestRequest, match: RestMatch, occasion: RestOccasion) {
  const { method, path, sourceIp } = request;
  const headers = fieldsOf([
    ...withoutNames(request.headers, HOP_BY_HOP),
    ...forwardedPairs(sourceIp, occasion.traceId),
  ]);
  const query = fieldsOf(new URLSearchParams(request.query));
  return {
    resource: match.resource.resourcePath,
    path,
    httpMethod: method,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: nullIfEmpty(query.single),
    multiValueQueryStringParameters: nullIfEmpty(query.multi),
    pathParameters: nullIfEmpty(match.pathParameters),
    stageVariables: null,
    requestContext: requestContext(request, match, occasion),
    body: request.body.length === 0 ? null : request.body.toString(),
    isBase64Encoded: false,
  };
}

function requestContext(request: RestRequest, { resource }: RestMatch, occasion: RestOccasion) {
  const { apiId, stage, requestId, extendedRequestId, nowMs } = occasion;
  return {
    accountId: LOCAL_ACCOUNT,
    apiId,
    domainName: domainName(apiId),
    domainPrefix: apiId,
    extendedRequestId,
    httpMethod: request.method,
    identity: { ...NOBODY, sourceIp: request.sourceIp, userAgent: request.userAgent ?? null },
    path: `/${stage}${request.path}`,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: requestTime(nowMs),
    requestTimeEpoch: nowMs,
    resourceId: resource.resourceId,
    resourcePath: resource.resourcePath,
    stage,
  };
}

/** Fields of callers that sign in with AWS or with Cognito. */
const NOBODY = {
  accessKey: null,
  accountId: null,
  caller: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

const nullIfEmpty = <T extends object>(fields: T): T | null =>
  Object.keys(fields).length === 0 ? null : fields;
