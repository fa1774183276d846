import { revokeSession } from '#core/connections/revoke-session';
import type { SessionId } from '#core/ids';
import type { CustomerConnections, SessionStore } from '#core/ports';
import type { SharedRate } from '#core/shared-rate';

/**
 * Counts a message that came too fast or again. Each costs calls, and `messagesPerMinute` does not
 * bound them. Counts per session, over all connections and all copies of the functions, and in the
 * minute in which the message was accepted: after an outage, letters of many minutes are delivered
 * in one.
 *
 * @returns whether these are more than a client sends by accident. Then the session has been ended.
 */
export async function isAbuse(
  ports: {
    readonly sessions: SessionStore;
    readonly customers: CustomerConnections;
    readonly strikes: SharedRate;
  },
  { sessionId, acceptedAtMs }: { readonly sessionId: SessionId; readonly acceptedAtMs: number },
  nowMs: number,
): Promise<boolean> {
  if (await ports.strikes.admit(sessionId, Math.min(acceptedAtMs, nowMs))) return false;
  await revokeSession(ports, sessionId, 'abuse', nowMs);
  return true;
}
