import { revokeSession } from '#core/connections/revoke-session';
import type { SessionId } from '#core/ids';
import type { CustomerConnections, SessionStore } from '#core/ports';
import type { SharedRate } from '#core/shared-rate';

/**
 * To be called for each message that is refused as too fast, or comes again: it costs calls, and
 * the pace lets any number of them come. All messages of a session meet here, over however many
 * connections and copies of the functions they came. Counted in the minute in which each was
 * accepted: after an outage the letters of many minutes are delivered in one.
 *
 * @returns whether it is more than a client does by accident; the session has ended then.
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
