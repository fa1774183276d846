import type { ConnectionId } from '#core/ids';
import type { CustomerConnections } from '#core/ports';
import type { EventOf, ServerEvent } from '#protocol/events';

/**
 * Tells a connection why it ends, and closes it. API Gateway's close carries no reason of ours,
 * so the event goes first. A connection that can't be closed is left to its own end.
 *
 * @param eventsFirst told before the reason.
 * @returns false when there was no such connection: it is gone, or still opening.
 */
export async function dismissConnection(
  { customers }: { readonly customers: CustomerConnections },
  connection: ConnectionId,
  closing: Omit<EventOf<'closing'>, 'type'>,
  eventsFirst: readonly ServerEvent[] = [],
): Promise<boolean> {
  // Nothing depends on being heard, and who does not listen is closed all the more.
  const unheard = () => true;
  let isThere = true;
  for (const event of [...eventsFirst, { type: 'closing', ...closing } as const]) {
    isThere = await customers.push(connection, event).catch(unheard);
  }
  await customers.close(connection).catch(unheard);
  return isThere;
}
