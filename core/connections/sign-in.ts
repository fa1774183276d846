import { ChatError } from '#core/errors';
import { type Identity, isSamePerson } from '#core/identity';
import type { SessionId } from '#core/ids';
import type { CustomerConnections, IdentityIndex, SessionStore } from '#core/ports';
import { lastingExpiry, type SessionRecord, sessionExpiry } from '#core/session';
import { closeEndedSession } from './close-ended-session.ts';

export interface SignInPorts {
  readonly sessions: SessionStore;
  readonly people: IdentityIndex;
  readonly customers: CustomerConnections;
}

export interface SignIn {
  readonly identity: Identity;
  /** The session that the client has so far, if it has one. */
  readonly own?: SessionRecord | undefined;
  /** Begun if neither the person nor the client has a session. */
  readonly newSessionId: SessionId;
  readonly nowMs: number;
}

/** Two devices may sign in at the same time: the later one looks again. */
const TRIES = 3;

/**
 * Finds or begins the one session of a person, and notes until when the identity is good.
 *
 * A client's anonymous session becomes the person's if the person has none, or none with an open chat while
 * the client talks to an agent. Then the other devices are told to come again. The session of
 * somebody else stays as it is, and is never handed out.
 *
 * @throws ChatError `UPSTREAM_UNAVAILABLE` when others sign in without a pause.
 */
export async function signIn(ports: SignInPorts, input: SignIn): Promise<SessionId> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await signInOnce(ports, input);
    if (found !== undefined) return found;
  }
  throw new ChatError('UPSTREAM_UNAVAILABLE', 'the person signs in elsewhere at the same time');
}

/** @returns undefined when another device was faster. */
async function signInOnce(ports: SignInPorts, input: SignIn): Promise<SessionId | undefined> {
  const { identity, newSessionId, nowMs } = input;
  const pointed = await ports.people.find(identity, nowMs);
  const theirs = await sessionOf(ports, identity, pointed, nowMs);
  const own = usableOwn(input);
  const isMoved = theirs !== undefined && own !== undefined && isTalkedIn(own, theirs);
  const chosen = (isMoved ? undefined : theirs?.session.id) ?? own?.session.id ?? newSessionId;

  const { rowExpiresAtMs } = sessionExpiry(nowMs);
  if (chosen === newSessionId) await ports.sessions.renew(chosen, nowMs, rowExpiresAtMs);
  // Noted before anybody is led there: a session that the index names is always the person's.
  const lasts = lastingExpiry(nowMs);
  await ports.sessions.saveIdentity(chosen, identity, lasts);
  if (!(await ports.people.claim(identity, pointed, chosen, nowMs, lasts))) return undefined;
  if (isMoved) await leave(ports, theirs.session.id, nowMs);
  return chosen;
}

/** @returns undefined also for a session that has ended, or is not known to be the person's. */
async function sessionOf(
  { sessions }: SignInPorts,
  identity: Identity,
  id: SessionId | undefined,
  nowMs: number,
): Promise<SessionRecord | undefined> {
  const record = id === undefined ? undefined : await sessions.find(id, nowMs);
  const isTheirs = record?.identity !== undefined && isSamePerson(record.identity, identity);
  return isTheirs ? record : undefined;
}

/** The client's session, unless it is somebody else's. */
function usableOwn({ own, identity }: SignIn): SessionRecord | undefined {
  const isFree = own?.identity === undefined || isSamePerson(own.identity, identity);
  return isFree ? own : undefined;
}

/** Whether the client talks to an agent, and the person's other devices do not. */
function isTalkedIn(own: SessionRecord, theirs: SessionRecord): boolean {
  return (
    own.session.id !== theirs.session.id &&
    own.session.chat.state === 'open' &&
    theirs.session.chat.state !== 'open'
  );
}

async function leave(ports: SignInPorts, id: SessionId, nowMs: number): Promise<void> {
  await ports.sessions.revoke(id, 'moved');
  await closeEndedSession(ports, { sessionId: id }, nowMs);
}
