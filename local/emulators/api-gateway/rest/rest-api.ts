import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Assembly, resourcesOf } from '#local/assembly/assembly';
import { type Clock, systemClock } from '#local/clock';
import type { FunctionRunner } from '#local/emulators/aws/aws-service';
import { listenOnLoopback } from '#local/loopback-server';
import { integrateWith } from '../integration.ts';
import { invokePermissions } from '../invoke-permissions.ts';
import { Throttle } from '../throttle.ts';
import { answerRequest, type RestRuntime } from './answer-request.ts';
import { httpApisOf, readHttpConfig } from './http-config.ts';
import { refusalOf } from './refusals.ts';
import { readRestConfig } from './rest-config.ts';

const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface RestApiOptions {
  readonly assembly: Assembly;
  readonly functions: FunctionRunner;
  /** Default: a free one. */
  readonly port?: number;
  readonly clock?: Clock;
}

export interface RestApi {
  readonly port: number;
  readonly apiId: string;
  /** Logical ids of parts of the API that the first deployment may not hold. */
  readonly leftOut: readonly string[];
  /** @returns the address with the stage, without a trailing slash. @throws Error for an API that is not this one. */
  url(apiId: string): string;
  close(): Promise<void>;
}

/**
 * Emulates the REST API, or the HTTP API, of an assembly on `http://127.0.0.1:<port>/<stage>`.
 * @throws Error when there is not exactly one, or when it uses what is not emulated.
 */
export async function startRestApi(options: RestApiOptions): Promise<RestApi> {
  const runtime = createRuntime(options);
  const { apiId, stage, leftOut } = runtime.config;
  const server = createServer((request, response) => void serve(runtime, request, response));
  const { port, close } = await listenOnLoopback(server, options.port);
  return {
    port,
    apiId,
    leftOut,
    url(wanted) {
      if (wanted !== apiId) throw new Error(`there is no REST API ${wanted}`);
      return `http://127.0.0.1:${port}/${stage}`;
    },
    close,
  };
}

function createRuntime({ assembly, functions, clock = systemClock }: RestApiOptions): RestRuntime {
  const httpApis = httpApisOf(assembly);
  const restApis = resourcesOf(assembly, 'AWS::ApiGateway::RestApi');
  if (httpApis.length > 0 && restApis.length > 0) {
    throw new Error(
      'there is a REST API beside the HTTP API: only one API of webhooks is emulated',
    );
  }
  const isHttp = httpApis.length > 0;
  const config = isHttp ? readHttpConfig(assembly) : readRestConfig(assembly);
  const methods = config.resources.flatMap((resource) => resource.methods);
  return {
    config,
    clock,
    integrate: integrateWith(functions, invokePermissions(assembly), clock),
    throttles: new Map(methods.map((method) => [method, new Throttle(method.throttle, clock)])),
  };
}

async function serve(runtime: RestRuntime, incoming: IncomingMessage, response: ServerResponse) {
  const body = await readBody(incoming);
  const answer =
    body === undefined
      ? refusalOf(runtime.config).tooLong
      : await answerRequest(runtime, incoming, body);
  response.writeHead(answer.status, { ...answer.headers, 'x-amzn-requestid': randomUUID() });
  response.end(answer.body);
}

/**
 * @returns undefined when it is too large; the rest is then read and thrown away. Never ends for a
 * client that leaves half-way, whom nobody needs to answer.
 */
function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  incoming.on('error', () => incoming.destroy());
  return new Promise((resolve) => {
    incoming.on('end', () => resolve(bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks)));
  });
}
