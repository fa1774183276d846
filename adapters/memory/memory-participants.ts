import {
  type LearntName,
  NO_PARTICIPANTS,
  type Outdated,
  type Participants,
  type ParticipantsChange,
  type Stay,
} from '#core/participants';

/** @returns undefined when the read horizon would not rise. */
export function changeParticipants(
  before: Participants = NO_PARTICIPANTS,
  change: ParticipantsChange,
  old: Outdated,
): Participants | undefined {
  const { read } = change;
  if (read && read.index <= (before.readIndexes.get(read.chat) ?? -1)) return undefined;
  const names = new Map(before.names);
  for (const identity of old.names) names.delete(identity);
  for (const [identity, learnt] of change.names ?? [])
    names.set(identity, learn(names, identity, learnt));
  const readIndexes = new Map(before.readIndexes);
  for (const chat of old.reads) readIndexes.delete(chat);
  if (read) readIndexes.set(read.chat, read.index);
  return { names, stays: changeStays(before.stays, change, old), readIndexes };
}

/** A failure that comes late does not remove a name. */
function learn(
  names: ReadonlyMap<string, LearntName>,
  identity: string,
  learnt: LearntName,
): LearntName {
  const known = names.get(identity);
  return learnt.name === undefined && known?.name !== undefined ? known : learnt;
}

function changeStays(
  before: readonly Stay[],
  { joined, left }: ParticipantsChange,
  old: Outdated,
): Stay[] {
  const stays = new Map(before.map((stay) => [keyOf(stay), stay]));
  for (const stay of old.stays) stays.delete(keyOf(stay));
  if (joined) stays.set(keyOf(joined), { hasLeft: false, ...stays.get(keyOf(joined)), ...joined });
  if (left) stays.set(keyOf(left), { ...stays.get(keyOf(left)), ...left, hasLeft: true });
  return [...stays.values()];
}

const keyOf = ({ chat, sid }: Pick<Stay, 'chat' | 'sid'>): string => `${chat}#${sid}`;
