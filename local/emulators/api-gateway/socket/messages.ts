import { newId } from '../ids.ts';
import type { Outcome } from '../integration.ts';
import type { Connection } from './connection.ts';
import { selectRouteKey } from './route-selection.ts';
import type { Route, SocketConfig } from './socket-config.ts';
import { messageEvent } from './socket-events.ts';
import { errorFrame, newOccasion, randomMs, type SocketRuntime } from './socket-runtime.ts';

/**
 * Handles one message. Nothing waits for anything: messages of one connection run side by side and
 * may finish in any order, as on AWS.
 */
export async function receiveMessage(
  runtime: SocketRuntime,
  connection: Connection,
  body: string,
): Promise<void> {
  const occasion = newOccasion(runtime);
  const { connectionId } = connection.facts;
  const fail = (message: string) =>
    connection.send(errorFrame(message, connectionId, occasion.requestId));
  const routeKey = routeKeyOf(runtime.config, body);
  const route = runtime.config.routes.get(routeKey);
  if (route === undefined) {
    fail('Forbidden');
    return;
  }
  // The text is unconfirmed, and AWS closes with 1008 at a rate that it does not tell.
  if (runtime.throttles.get(routeKey)?.admits() === false) {
    fail('Too Many Requests');
    return;
  }
  const message = { routeKey, messageId: newId(runtime.random), body };
  await delayed(runtime);
  const event = messageEvent(connection.facts, occasion, message);
  const reply = replyOf(await runtime.integrate(route.integration, event), route);
  if (reply.error !== undefined) fail(reply.error);
  else if (reply.text !== undefined) connection.send(reply.text);
}

/** Keys that begin with `$` are reserved: no message can name `$connect` or `$disconnect`. */
function routeKeyOf({ selectionExpression, routes }: SocketConfig, body: string): string {
  const key = selectRouteKey(selectionExpression, body);
  const isCustom = key !== undefined && !key.startsWith('$') && routes.has(key);
  return isCustom ? key : '$default';
}

async function delayed({ faults, clock, random }: SocketRuntime): Promise<void> {
  const { messageDelayMs } = faults.plan;
  if (messageDelayMs === undefined) return;
  await new Promise<void>((resolve) => clock.after(randomMs(random, messageDelayMs), resolve));
}

/**
 * Source: API Gateway developer guide, "WebSocket API quotas": 32 KB a frame. What becomes of a
 * larger reply is unconfirmed, as posts to `@connections` are delivered up to 128 KB.
 */
const MAX_REPLY_BYTES = 32_768;

interface Reply {
  readonly text?: string;
  readonly error?: string;
}

function replyOf(outcome: Outcome, { isTwoWay }: Route): Reply {
  if (outcome.kind === 'timed-out') return { error: 'Endpoint request timed out' };
  if (outcome.kind !== 'returned') return { error: 'Internal server error' };
  if (!isTwoWay) return {};
  const { statusCode, body } = (outcome.value ?? {}) as { statusCode?: unknown; body?: unknown };
  // Whether AWS passes the body of another status is unconfirmed; the strict reading is taken.
  if (typeof statusCode !== 'number' || statusCode < 200 || statusCode > 299) {
    return { error: 'Internal server error' };
  }
  if (typeof body !== 'string') return {};
  return Buffer.byteLength(body) > MAX_REPLY_BYTES
    ? { error: 'Internal server error' }
    : { text: body };
}
