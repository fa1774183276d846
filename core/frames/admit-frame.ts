import { dismissConnection } from '#core/connections/dismiss-connection';
import { revokeSession } from '#core/connections/revoke-session';
import { ChatError } from '#core/errors';
import type { ConnectionId, SessionId } from '#core/ids';
import type { CustomerConnections, SessionStore } from '#core/ports';
import type { RateLimiter } from '#core/rate-limiter';

export interface AdmitPorts {
  readonly sessions: SessionStore;
  readonly customers: CustomerConnections;
  /** Counts frames by session. */
  readonly frames: RateLimiter;
}

/**
 * Lets a frame through, or refuses it before anything is queued and before Flex is asked. A client
 * that goes on after many refusals loses its session.
 *
 * @throws ChatError `TOO_FAST`.
 */
export async function admitFrame(
  ports: AdmitPorts,
  sender: { readonly sessionId: SessionId; readonly connectionId: ConnectionId },
  nowMs: number,
): Promise<void> {
  const admission = ports.frames.admit(sender.sessionId, nowMs);
  if (admission === 'admitted') return;
  if (admission === 'abuse') {
    const dismissed = await revokeSession(ports, sender.sessionId, 'abuse', nowMs);
    // A client that never said hello has no session to revoke.
    if (!dismissed.includes(sender.connectionId)) {
      await dismissConnection(ports, sender.connectionId, { reason: 'abuse', reconnect: false });
    }
  }
  throw new ChatError('TOO_FAST', `frames of session ${sender.sessionId}: ${admission}`);
}
