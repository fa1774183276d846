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

/** How many unknown authors of a transcript are looked up at once; the others at the next reading. */
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
 * Asks Flex for the names that are not known yet. Never throws: a name that can't be had now is
 * noted as such, and for some time no message asks again.
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
 * Learns who wrote messages whose authors have not been seen to join: a message may overtake its
 * author's arrival, and sessions of earlier versions kept no names.
 * @returns the record with what is known now. Never throws.
 */
export async function learnAuthors(
  ports: NamePorts,
  record: SessionRecord,
  identities: Iterable<string>,
  nowMs: number,
): Promise<SessionRecord> {
  const names = await lookUpNames(ports, record, identities, { nowMs, isJoining: false });
  if (names.size === 0) return record;
  // A name that can't be kept is shown all the same; the next message learns it again.
  await noteParticipants(ports, record, { names }, nowMs).catch(() => false);
  return { ...record, participants: withNames(record.participants, names) };
}

/** @returns whether it was taken: a read horizon only rises. */
export function noteParticipants(
  { sessions }: Pick<NamePorts, 'sessions'>,
  { session, participants }: SessionRecord,
  change: ParticipantsChange,
  nowMs: number,
): Promise<boolean> {
  const old = outdated(participants, session.chat.number, change);
  return sessions.noteParticipants(session.id, change, old, lastingExpiry(nowMs));
}
