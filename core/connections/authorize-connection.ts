import { ChatError } from '#core/errors';
import type { SessionId } from '#core/ids';
import type { CustomerIdentities, SessionStore, SessionTokens } from '#core/ports';
import type { RateLimiter } from '#core/rate-limiter';
import type { SharedRate } from '#core/shared-rate';
import { SUBPROTOCOL } from '#protocol/limits';
import { addressBlock } from './address-block.ts';
import { findByToken, findResumable } from './find-resumable.ts';
import { type SignInPorts, signIn } from './sign-in.ts';

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

export interface AuthorizePorts extends SignInPorts {
  readonly sessions: SessionStore;
  /** Only where an issuer of identities is configured. */
  readonly identities?: CustomerIdentities;
  readonly tokens: SessionTokens;
  /** Counts new sessions by address, in this copy of the function. */
  readonly newSessions: RateLimiter;
  /** Counts in all copies the new sessions that `newSessions` lets through. */
  readonly allNewSessions: SharedRate;
  /** Counts by session how often it is resumed. */
  readonly handshakes: SharedRate;
  /** Counts by person how often they sign in. */
  readonly signIns: SharedRate;
}

/**
 * Decides whether a WebSocket may open, and for which session.
 *
 * A token is good while its session exists: deleting the session revokes it. An identity leads to
 * the one session of its person; a token beside it names the anonymous session that may become it.
 *
 * @throws ChatError `UNAUTHORIZED` (subprotocol, token), `IDENTITY_EXPIRED`, `IDENTITY_REFUSED`,
 * `FORBIDDEN` (origin), `TOO_FAST` (too many new sessions from one address, or handshakes of one
 * session), or what `SessionTokens` and `CustomerIdentities` throw while they can tell nothing.
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
  const identity = offered(request, IDENTITY_PREFIX);
  const token = offered(request, TOKEN_PREFIX);
  if (identity !== undefined) return admitPerson(ports, request, identity, token);
  if (token === undefined) {
    // Whoever was refused with a token must not be let in without it, and give a good session up.
    await ports.tokens.ready();
    await admitNewSession(ports, request);
    return request.newSessionId;
  }

  const resumed = await findResumable(ports, token, request.nowMs);
  if (resumed === undefined) {
    throw new ChatError('UNAUTHORIZED', 'the session token is not valid');
  }
  if (!(await ports.handshakes.admit(resumed, request.nowMs))) {
    throw new ChatError('TOO_FAST', `too many handshakes of session ${resumed}`);
  }
  return resumed;
}

function offered({ protocols }: ConnectionRequest, prefix: string): string | undefined {
  return protocols.find((each) => each.startsWith(prefix))?.slice(prefix.length);
}

/** A token that is not good any more is passed over: the identity alone says whose session it is. */
async function admitPerson(
  ports: AuthorizePorts,
  request: ConnectionRequest,
  offeredIdentity: string,
  token: string | undefined,
): Promise<SessionId> {
  const { nowMs, newSessionId } = request;
  if (ports.identities === undefined) {
    throw new ChatError('IDENTITY_REFUSED', 'no issuer of customer identities is configured');
  }
  const identity = await ports.identities.verify(offeredIdentity, nowMs);
  const own = token === undefined ? undefined : await findByToken(ports, token, nowMs);
  if (!(await ports.signIns.admit(`${identity.issuer} ${identity.subject}`, nowMs))) {
    throw new ChatError('TOO_FAST', 'one person signs in too often');
  }
  return signIn(ports, { identity, own, newSessionId, nowMs });
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
