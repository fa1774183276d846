import type { SessionId } from '#core/ids';
import type { SessionStore, SessionTokens } from '#core/ports';

/**
 * Finds the session that a token resumes. A token is good while its session exists: deleting
 * the session revokes it.
 * @returns undefined for a token that is not valid, or whose session is gone.
 */
export async function findResumable(
  ports: { readonly sessions: SessionStore; readonly tokens: SessionTokens },
  token: string,
  nowMs: number,
): Promise<SessionId | undefined> {
  const id = await ports.tokens.verify(token, nowMs);
  return id !== undefined && (await ports.sessions.find(id, nowMs)) ? id : undefined;
}
