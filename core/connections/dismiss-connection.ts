import type { ConnectionId } from '#core/ids';
import type { CustomerConnections } from '#core/ports';
import type { EventOf, ServerEvent } from '#protocol/events';

/**
 * Tells a connection why it ends, and closes it. API Gateway's close carries no reason of ours,
 * so the event goes first. If API Gateway can't be reached, the connection stays until it ends by itself.
 *
 * @param eventsFirst pushed before the reason.
 * @returns false when there was no such connection: it is gone, or still opening.
 */
export async function dismissConnection(
  { customers }: { readonly customers: CustomerConnections },
  connection: ConnectionId,
  closing: Omit<EventOf<'closing'>, 'type'>,
  eventsFirst: readonly ServerEvent[] = [],
): Promise<boolean> {
  // Nothing depends on the event, and a connection that does not take it has to be closed all the
  // same.
  const countAsThere = () => true;
  let isThere = true;
  for (const event of [...eventsFirst, { type: 'closing', ...closing } as const]) {
    isThere = await customers.push(connection, event).catch(countAsThere);
  }
  await customers.close(connection).catch(countAsThere);
  return isThere;
}
