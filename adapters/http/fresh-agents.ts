/** HTTP connections that are kept for the next call, but not for long. */
import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

/** As many as the AWS SDK opens by itself. */
const MAX_SOCKETS = 50;

export interface FreshAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/**
 * Agents that never reuse a connection which has been idle for longer than `maxIdleMs`.
 *
 * Lambda freezes a function between two calls. Meanwhile the other side closes the connection, and the
 * function learns it only when it has used the connection again. Timers do not run in a frozen
 * function, so the age is compared when a connection is about to be used.
 *
 * @param now the wall clock: another may stand still during a freeze.
 */
export function createFreshAgents(
  maxIdleMs: number,
  now: () => number = () => Date.now(),
): FreshAgents {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return {
    httpAgent: kept(new HttpAgent(options), maxIdleMs, now),
    httpsAgent: kept(new HttpsAgent(options), maxIdleMs, now),
  };
}

/** Node calls `addRequest` to choose a connection; its documentation has no hook before the choice. */
interface Chooser {
  addRequest(request: ClientRequest, ...where: unknown[]): void;
}

function kept<Kind extends HttpAgent>(agent: Kind, maxIdleMs: number, now: () => number): Kind {
  const idleSinceMs = new WeakMap<Duplex, number>();
  const chooser = agent as Kind & Chooser;
  const keep = agent.keepSocketAlive.bind(agent);
  const choose = chooser.addRequest.bind(agent);

  agent.keepSocketAlive = (socket) => {
    idleSinceMs.set(socket, now());
    return keep(socket);
  };
  chooser.addRequest = (request, ...where) => {
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) {
        const idleMs = now() - (idleSinceMs.get(socket) ?? 0);
        // Below zero: the clock was set back, so that the age is not known.
        if (idleMs < 0 || idleMs > maxIdleMs) socket.destroy();
      }
    }
    choose(request, ...where);
  };
  return agent;
}
