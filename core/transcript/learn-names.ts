import type { FlexNames } from '#core/flex';
import {
  isToLearn,
  type LearntName,
  outdated,
  type ParticipantsChange,
  withNames,
} from '#core/participants';
import type { SessionStore } from '#core/ports';
import { lastingExpiry, type SessionRecord } from '#core/session';

/** So many unknown authors are looked up for one frame; the next frame looks up others. */
const MAX_LOOK_UPS = 3;

export interface NamePorts {
  readonly sessions: SessionStore;
  readonly names: FlexNames;
}

interface Learning {
  readonly nowMs: number;
  readonly isJoining: boolean;
}

/**
 * Asks Flex for the names that the session does not hold yet. Never throws: if Flex can't be asked,
 * that is stored, and for some time no message asks again.
 */
export async function lookUpNames(
  { names }: Pick<NamePorts, 'names'>,
  { participants }: SessionRecord,
  identities: Iterable<string>,
  learning: Learning,
): Promise<ReadonlyMap<string, LearntName>> {
  const unknown = [...new Set(identities)]
    .filter((identity) => isToLearn(participants, identity, learning))
    .slice(0, MAX_LOOK_UPS);
  const atMs = learning.nowMs;
  const learnt = await Promise.all(
    unknown.map(async (identity): Promise<[string, LearntName]> => {
      const name = await names.findName(identity).catch(() => undefined);
      return [identity, { atMs, ...(name !== undefined && { name }) }];
    }),
  );
  return new Map(learnt);
}

/**
 * Learns the names of authors of whom no webhook told that they joined: a message may overtake that
 * webhook, and sessions of earlier versions held no names.
 * @returns the record with the names that are known now. Never throws.
 */
export async function learnAuthors(
  ports: NamePorts,
  record: SessionRecord,
  identities: Iterable<string>,
  nowMs: number,
): Promise<SessionRecord> {
  const names = await lookUpNames(ports, record, identities, { nowMs, isJoining: false });
  if (names.size === 0) return record;
  // A name that can't be stored is shown all the same; the next message asks for it again.
  await noteParticipants(ports, record, { names }, nowMs).catch(() => false);
  return { ...record, participants: withNames(record.participants, names) };
}

/** @returns false for a read horizon that is not higher than the stored one. */
export function noteParticipants(
  { sessions }: Pick<NamePorts, 'sessions'>,
  { session, participants }: SessionRecord,
  change: ParticipantsChange,
  nowMs: number,
): Promise<boolean> {
  const old = outdated(participants, session.chat.number, change);
  return sessions.noteParticipants(session.id, change, old, lastingExpiry(nowMs));
}
