import type { ConnectionStore, CustomerConnections } from '#core/ports';
import type { SessionRecord } from '#core/session';
import type { ServerEvent } from '#protocol/events';

export interface PublishPorts {
  readonly connections: ConnectionStore;
  readonly customers: CustomerConnections;
}

/**
 * How many connections took the event, were gone and have been removed, or could not be reached.
 */
export interface Published {
  readonly delivered: number;
  readonly gone: number;
  readonly failed: number;
}

/**
 * API Gateway calls a connection gone while it is still opening. This is longer than the 29 s that
 * it gives `$connect`.
 */
export const OPENING_MS = 30_000;

/**
 * Pushes one event to every connection of a session, side by side, so that a dead or slow
 * connection delays no other. Never throws: a client reads from the transcript what its connection
 * has missed.
 */
export async function publish(
  ports: PublishPorts,
  { session, connectionIds }: SessionRecord,
  event: ServerEvent,
  nowMs: number,
): Promise<Published> {
  const outcomes = await Promise.allSettled(
    connectionIds.map(async (connection) => {
      const delivered = await ports.customers.push(connection, event);
      if (!delivered) await ports.connections.remove(session.id, connection, nowMs - OPENING_MS);
      return delivered;
    }),
  );
  return {
    delivered: outcomes.filter((o) => o.status === 'fulfilled' && o.value).length,
    gone: outcomes.filter((o) => o.status === 'fulfilled' && !o.value).length,
    failed: outcomes.filter((o) => o.status === 'rejected').length,
  };
}
