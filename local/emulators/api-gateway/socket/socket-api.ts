import { createServer } from 'node:http';
import type { Assembly } from '#local/assembly/assembly';
import { type Clock, systemClock } from '#local/clock';
import type { AwsService, FunctionRunner } from '#local/emulators/aws/aws-service';
import { listenOnLoopback } from '#local/loopback-server';
import { UNWATCHED, type Watch } from '#local/wire/wire';
import type { Random } from '../ids.ts';
import { integrateWith } from '../integration.ts';
import { invokePermissions } from '../invoke-permissions.ts';
import { Throttle } from '../throttle.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './connection.ts';
import { DisconnectDelivery } from './disconnects.ts';
import { Faults } from './faults.ts';
import { managementApi } from './management.ts';
import { openConnection } from './open-connection.ts';
import { readSocketConfig } from './socket-config.ts';
import type { SocketRuntime } from './socket-runtime.ts';
import { Upgrader } from './upgrade.ts';

export interface SocketApiOptions {
  readonly assembly: Assembly;
  readonly functions: FunctionRunner;
  /** Default: a free one. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Makes ids, delays and so the order of shuffled messages. */
  readonly random?: Random;
  /** Default: 10 minutes idle, 2 hours in all. */
  readonly limits?: ConnectionLimits;
  /** Sees frames, events and pushes. */
  readonly watch?: Watch;
}

export interface SocketApi {
  readonly port: number;
  readonly apiId: string;
  /** `@connections`, to be put behind the front door for AWS calls. */
  readonly service: AwsService;
  /** Test switches. */
  readonly faults: Faults;
  /** Logical ids of parts of the API that the first deployment may not hold. */
  readonly leftOut: readonly string[];
  /** @returns where customers connect. @throws Error for an API that is not this one. */
  url(apiId: string): string;
  /** Drops all connections; nobody is told of it. */
  close(): Promise<void>;
}

/** As for a loss of the network, which is unconfirmed. */
const LOST = { code: 1006, reason: '' };

/**
 * Emulates the WebSocket API of an assembly on `ws://127.0.0.1:<port>/<stage>`.
 * @throws Error when there is not exactly one, or when it uses what is not emulated.
 */
export async function startSocketApi(options: SocketApiOptions): Promise<SocketApi> {
  const runtime = createRuntime(options);
  const { apiId, stage, leftOut } = runtime.config;
  const disconnects = new DisconnectDelivery(runtime);
  const upgrader = new Upgrader(runtime, {
    opened: (admission, socket, raw) =>
      openConnection(runtime, disconnects, admission, socket, raw),
    lost: ({ facts }) => disconnects.connectionEnded(facts, LOST),
  });
  const server = createServer((_request, response) => {
    // A request that asks for no upgrade; the status is unconfirmed.
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end('{"message":"Forbidden"}');
  });
  runtime.faults.onCut = () => {
    for (const connection of runtime.connections.values()) connection.cut();
  };
  server.on('upgrade', (request, raw, head) => {
    if (runtime.faults.plan.cut) raw.destroy();
    else void upgrader.upgrade(request, raw, head);
  });
  const { port, close } = await listenOnLoopback(server, options.port);
  return {
    port,
    apiId,
    leftOut,
    service: managementApi(runtime),
    faults: runtime.faults,
    url(wanted) {
      if (wanted !== apiId) throw new Error(`there is no WebSocket API ${wanted}`);
      return `ws://127.0.0.1:${port}/${stage}`;
    },
    async close() {
      disconnects.stop();
      for (const connection of runtime.connections.values()) connection.abandon();
      await close();
    },
  };
}

function createRuntime(options: SocketApiOptions): SocketRuntime {
  const { assembly, functions, clock = systemClock } = options;
  const config = readSocketConfig(assembly);
  return {
    config,
    clock,
    integrate: integrateWith(functions, invokePermissions(assembly), clock),
    random: options.random ?? Math.random,
    faults: new Faults(),
    watch: options.watch ?? UNWATCHED,
    limits: options.limits ?? CONNECTION_LIMITS,
    connections: new Map(),
    throttles: new Map(
      [...config.routes].map(([key, { throttle }]) => [key, new Throttle(throttle, clock)]),
    ),
  };
}
