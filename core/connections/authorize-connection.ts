import { ChatError } from '#core/errors';
import type { SessionId } from '#core/ids';
import type { SessionStore, SessionTokens } from '#core/ports';
import type { RateLimiter } from '#core/rate-limiter';
import type { SharedRate } from '#core/shared-rate';
import { SUBPROTOCOL } from '#protocol/limits';
import { addressBlock } from './address-block.ts';
import { findResumable } from './find-resumable.ts';

const TOKEN_PREFIX = 'token.';
const IDENTITY_PREFIX = 'identity.';

export interface ConnectionRequest {
  /** Offered subprotocols, in the client's order. */
  readonly protocols: readonly string[];
  readonly origin: string | undefined;
  /** IP address of the client. */
  readonly address: string;
  readonly nowMs: number;
  /** The session to begin when the client brings no token. */
  readonly newSessionId: SessionId;
}

export interface ConnectionPolicy {
  /** Exact origins, scheme and port included. */
  readonly allowedOrigins: readonly string[];
  /** Whether a client without `Origin` may connect. Browsers always send it. */
  readonly allowNonBrowserClients: boolean;
}

export interface AuthorizePorts {
  readonly sessions: SessionStore;
  readonly tokens: SessionTokens;
  /** Counts new sessions by address, in this copy of the function. */
  readonly newSessions: RateLimiter;
  /** Counts in all copies the new sessions that `newSessions` lets through. */
  readonly allNewSessions: SharedRate;
  /** Counts by session how often it is resumed. */
  readonly handshakes: SharedRate;
}

/**
 * Decides whether a WebSocket may open, and for which session.
 *
 * A token is good while its session exists: deleting the session revokes it. A client that claims
 * an identity is refused, as nothing here can verify it.
 *
 * @throws ChatError `UNAUTHORIZED` (subprotocol, token), `FORBIDDEN` (origin), `TOO_FAST`
 * (too many new sessions from one address, or handshakes of one session), or what `SessionTokens`
 * throws while it can tell nothing of a token.
 */
export async function authorizeConnection(
  ports: AuthorizePorts,
  policy: ConnectionPolicy,
  request: ConnectionRequest,
): Promise<SessionId> {
  if (!request.protocols.includes(SUBPROTOCOL)) {
    throw new ChatError('UNAUTHORIZED', `the client does not offer ${SUBPROTOCOL}`);
  }
  if (!isOriginAllowed(policy, request.origin)) {
    throw new ChatError('FORBIDDEN', 'the origin is not on the allow-list');
  }
  if (request.protocols.some((offered) => offered.startsWith(IDENTITY_PREFIX))) {
    throw new ChatError('UNAUTHORIZED', 'no issuer of customer identities is configured');
  }
  const token = request.protocols.find((offered) => offered.startsWith(TOKEN_PREFIX));
  if (token === undefined) {
    // Whoever was refused with a token must not be let in without it, and give a good session up.
    await ports.tokens.ready();
    await admitNewSession(ports, request);
    return request.newSessionId;
  }

  const resumed = await findResumable(ports, token.slice(TOKEN_PREFIX.length), request.nowMs);
  if (resumed === undefined) {
    throw new ChatError('UNAUTHORIZED', 'the session token is not valid');
  }
  if (!(await ports.handshakes.admit(resumed, request.nowMs))) {
    throw new ChatError('TOO_FAST', `too many handshakes of session ${resumed}`);
  }
  return resumed;
}

async function admitNewSession(
  { newSessions, allNewSessions }: AuthorizePorts,
  { address, nowMs }: ConnectionRequest,
): Promise<void> {
  const block = addressBlock(address);
  const isAdmitted =
    newSessions.admit(block, nowMs) === 'admitted' && (await allNewSessions.admit(block, nowMs));
  if (!isAdmitted) throw new ChatError('TOO_FAST', 'too many new sessions from one address');
}

function isOriginAllowed(policy: ConnectionPolicy, origin: string | undefined): boolean {
  return origin === undefined
    ? policy.allowNonBrowserClients
    : policy.allowedOrigins.includes(origin);
}
