import { type PublishPorts, publish } from '#core/connections/publish';
import type { SessionStore } from '#core/ports';
import type { SessionRecord, StartedChat } from '#core/session';

export interface EndPorts extends PublishPorts {
  readonly sessions: SessionStore;
}

/**
 * Marks an open chat as ended and tells every connection. Several signals may tell of one end:
 * the write is conditional, so that only the first one tells the customer.
 * @returns whether this call ended it.
 */
export async function endChat(
  ports: EndPorts,
  record: SessionRecord,
  chat: StartedChat,
  { by, atMs }: { readonly by: 'agent' | 'system'; readonly atMs: number },
  nowMs: number,
): Promise<boolean> {
  if (chat.state !== 'open') return false;
  const ended = await ports.sessions.changeChat(record.session.id, chat, {
    ...chat,
    state: 'ended',
  });
  if (!ended) return false;
  const endedBy = endRequestedBy(chat) ?? by;
  const at = new Date(atMs).toISOString();
  await publish(ports, record, { type: 'ended', chat: chat.number, by: endedBy, at }, nowMs);
  return true;
}

/** Who asked for the end through us: Flex does not tell who ended a chat by its API. */
function endRequestedBy(chat: StartedChat): 'customer' | 'system' | undefined {
  if (chat.endRequestedByCustomer) return 'customer';
  return chat.endRequestedBySystem && 'system';
}
