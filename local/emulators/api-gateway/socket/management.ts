import type { AwsAnswer, AwsRequest, AwsService } from '#local/emulators/aws/aws-service';
import { apiArn } from '../execute-api.ts';
import { splitTarget } from '../http-fields.ts';
import { isWellFormedId, newId } from '../ids.ts';
import { type Connection, nameIn } from './connection.ts';
import type { PostFault } from './faults.ts';
import type { SocketRuntime } from './socket-runtime.ts';

const MAX_POST_BYTES = 131_072;

const GONE: AwsAnswer = { status: 410, headers: { 'x-amzn-ErrorType': 'GoneException' } };
const FORBIDDEN = failure(403, 'ForbiddenException', 'Forbidden');

/**
 * `@connections`: posts to connections, describes and deletes them.
 * Source: API Gateway developer guide, "Use @connections commands", and the client in
 * `@aws-sdk/client-apigatewaymanagementapi`.
 */
export function managementApi(runtime: SocketRuntime): AwsService {
  return {
    name: 'execute-api',
    permissionFor(request) {
      const target = readTarget(request);
      if (target === undefined) return undefined;
      const { apiId, stage, id } = target;
      return {
        action: 'execute-api:ManageConnections',
        resource: apiArn(apiId, `${stage}/${request.method}/@connections/${id ?? ''}`),
      };
    },
    async handle(request) {
      const { status, headers, body } = await watchedAnswer(runtime, request);
      const requestIds = {
        'x-amzn-requestid': newId(runtime.random),
        'x-amz-apigw-id': newId(runtime.random),
      };
      return {
        status,
        headers: { 'content-type': 'application/json', ...requestIds, ...headers },
        body: body ?? '',
      };
    },
  };
}

interface Target {
  readonly apiId: string;
  readonly stage: string;
  /** Undefined when its percent-encoding is broken. */
  readonly id: string | undefined;
}

/** An id whose `/` is not percent-encoded is no target at all. */
function readTarget({ method, path }: AwsRequest): Target | undefined {
  if (!['GET', 'POST', 'DELETE'].includes(method)) return undefined;
  const [, apiId, stage, id] =
    /^\/([^/]+)\/([^/]+)\/(?:@|%40)connections\/([^/]+)$/i.exec(splitTarget(path).path) ?? [];
  if (apiId === undefined || stage === undefined || id === undefined) return undefined;
  return { apiId, stage, id: decoded(id) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

async function watchedAnswer(runtime: SocketRuntime, request: AwsRequest): Promise<AwsAnswer> {
  const { body, method } = request;
  const about = readTarget(request)?.id;
  const type = body.length > 0 ? `: ${nameIn(body.toString(), 'type')}` : '';
  const title = `${method} @connections${type}`;
  const ended = runtime.watch({ kind: 'push', title, about, body: body.toString() });
  const given = await answer(runtime, request);
  ended({ status: given.status, answer: given.body?.toString() });
  return given;
}

async function answer(runtime: SocketRuntime, request: AwsRequest): Promise<AwsAnswer> {
  const target = readTarget(request);
  const { apiId, stage } = runtime.config;
  if (target?.apiId !== apiId || target.stage !== stage) return FORBIDDEN;
  const { id } = target;
  if (id === undefined || !isWellFormedId(id)) {
    return failure(400, 'BadRequestException', `Invalid connectionId: ${id ?? ''}`);
  }
  const connection = runtime.connections.get(id);
  switch (request.method) {
    case 'POST':
      return post(connection, request.body, runtime.faults.takePost());
    case 'GET':
      return connection === undefined ? GONE : describe(connection);
    default:
      return connection === undefined ? GONE : close(connection);
  }
}

async function post(
  connection: Connection | undefined,
  body: Buffer,
  fault: PostFault | undefined,
): Promise<AwsAnswer> {
  if (body.length > MAX_POST_BYTES) {
    return failure(413, 'PayloadTooLargeException', 'Payload too large');
  }
  if (fault !== undefined) return failPost(fault, connection, body);
  if (connection === undefined) return GONE;
  connection.send(body.toString());
  return { status: 200 };
}

/** Texts of 429 and 500 are unconfirmed; clients go by status and `x-amzn-ErrorType`. */
function failPost(
  fault: PostFault,
  connection: Connection | undefined,
  body: Buffer,
): AwsAnswer | Promise<never> {
  switch (fault) {
    case 'gone-but-delivered':
      connection?.send(body.toString());
      return GONE;
    case 'gone':
      return GONE;
    case 'throttled':
      return failure(429, 'LimitExceededException', 'Limit exceeded');
    case 'error':
      return failure(500, 'InternalServerErrorException', 'Internal server error');
    case 'hang':
      return new Promise<never>(() => {});
  }
}

function describe({ facts, lastActiveAtMs }: Connection): AwsAnswer {
  const { sourceIp, userAgent } = facts;
  const description = {
    connectedAt: new Date(facts.connectedAtMs).toISOString(),
    identity: { sourceIp, userAgent },
    lastActiveAt: new Date(lastActiveAtMs).toISOString(),
  };
  return { status: 200, body: JSON.stringify(description, null, 2) };
}

/** The call takes neither code nor reason; these are the ones that `$disconnect` then tells. */
function close(connection: Connection): AwsAnswer {
  connection.end({ code: 1000, reason: 'Connection Closed Normally' });
  return { status: 204 };
}

function failure(status: number, type: string, message: string): AwsAnswer {
  return { status, headers: { 'x-amzn-ErrorType': type }, body: JSON.stringify({ message }) };
}
