import type { EventOf, ServerEvent } from '#protocol/events';
import type { ConnectionId } from './ids.ts';
import type { CustomerConnections } from './ports.ts';

/**
 * Tells a connection why it ends, and closes it. API Gateway's close carries no reason of ours,
 * so the event goes first. A connection that can't be reached is left to its own end.
 *
 * @param lastWords told before the reason.
 */
export async function dismissConnection(
  { customers }: { readonly customers: CustomerConnections },
  connection: ConnectionId,
  closing: Omit<EventOf<'closing'>, 'type'>,
  lastWords: readonly ServerEvent[] = [],
): Promise<void> {
  try {
    for (const event of lastWords) await customers.push(connection, event);
    await customers.push(connection, { type: 'closing', ...closing });
    await customers.close(connection);
  } catch {
    // Nothing depends on it: the session is gone either way.
  }
}
