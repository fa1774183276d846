import type { SessionId } from '#core/ids';
import type { SessionStore, SessionTokens } from '#core/ports';
import type { SessionRecord } from '#core/session';

/**
 * Finds the session that a token resumes. A token is good while its session exists: deleting
 * the session revokes it. The token of a signed-in customer is good as long as the identity was.
 * @returns undefined for a token that is not valid, or whose session is gone.
 */
export async function findResumable(
  ports: { readonly sessions: SessionStore; readonly tokens: SessionTokens },
  token: string,
  nowMs: number,
): Promise<SessionId | undefined> {
  const record = await findByToken(ports, token, nowMs);
  const isGood = record?.identity === undefined || nowMs < record.identity.validUntilMs;
  return isGood ? record?.session.id : undefined;
}

/** The session of a token, even if its identity has expired: the client has a fresh one beside it. */
export async function findByToken(
  ports: { readonly sessions: SessionStore; readonly tokens: SessionTokens },
  token: string,
  nowMs: number,
): Promise<SessionRecord | undefined> {
  const id = await ports.tokens.verify(token, nowMs);
  return id && ports.sessions.find(id, nowMs);
}
