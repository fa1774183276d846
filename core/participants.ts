/**
 * Who besides the customer takes part in a session's chats. Stored with it, so that no message has
 * to ask Flex.
 */

/** How many names, and how many stays of agents in the current chat, are kept. */
const MAX_KEPT = 20;

/** Longer ones are no identities of Twilio. */
const MAX_IDENTITY_LENGTH = 256;

/** After Flex failed to tell a name, only the agent's next joining asks again within this time. */
const PAUSE_MS = 5 * 60_000;

export interface LearntName {
  /** Empty: Flex has none that customers may see. Absent: Flex could not be asked. */
  readonly name?: string;
  readonly atMs: number;
}

/** One stay of an agent in a chat: who leaves and comes back has another SID. */
export interface Stay {
  readonly chat: number;
  /** `MB…` */
  readonly sid: string;
  /** Absent while only the webhook about leaving has come. */
  readonly identity?: string;
  readonly joinedAtMs?: number;
  readonly hasLeft: boolean;
}

export interface Participants {
  /** By identity. */
  readonly names: ReadonlyMap<string, LearntName>;
  readonly stays: readonly Stay[];
  /** How far an agent has read, by chat. */
  readonly readIndexes: ReadonlyMap<number, number>;
}

export const NO_PARTICIPANTS: Participants = {
  names: new Map(),
  stays: [],
  readIndexes: new Map(),
};

/**
 * What to add. Nothing is ever taken back, so repeats and another order lead to the same result.
 */
export interface ParticipantsChange {
  readonly names?: ReadonlyMap<string, LearntName>;
  readonly joined?: Required<Omit<Stay, 'hasLeft'>>;
  readonly left?: Pick<Stay, 'chat' | 'sid'>;
  /** Stored only if it is above the stored one. */
  readonly read?: { readonly chat: number; readonly index: number };
}

/** What is stored, but not needed any more. */
export interface Outdated {
  readonly names: readonly string[];
  readonly stays: readonly Pick<Stay, 'chat' | 'sid'>[];
  readonly reads: readonly number[];
}

/** Identities of the agents in a chat, in the order in which they came. */
export function presentIn({ stays }: Participants, chat: number): string[] {
  const present = stays
    .filter((stay) => stay.chat === chat && !stay.hasLeft && stay.identity !== undefined)
    .sort((a, b) => (a.joinedAtMs ?? 0) - (b.joinedAtMs ?? 0));
  return [...new Set(present.flatMap(({ identity }) => identity ?? []))];
}

/** Is Flex to be asked for this agent's name? */
export function isToLearn(
  { names }: Participants,
  identity: string,
  { nowMs, isJoining }: { readonly nowMs: number; readonly isJoining: boolean },
): boolean {
  if (identity === '' || identity.length > MAX_IDENTITY_LENGTH) return false;
  const learnt = names.get(identity);
  if (learnt?.name !== undefined) return false;
  return learnt === undefined || isJoining || nowMs - learnt.atMs >= PAUSE_MS;
}

export function withNames(
  participants: Participants,
  names: ReadonlyMap<string, LearntName>,
): Participants {
  return { ...participants, names: new Map([...participants.names, ...names]) };
}

/**
 * What to remove when something is added: all of earlier chats, and the oldest where there are too many.
 * @param current number of the session's chat.
 */
export function outdated(
  { names, stays, readIndexes }: Participants,
  current: number,
  change: ParticipantsChange,
): Outdated {
  const room = MAX_KEPT - (change.names?.size ?? 0);
  const byAge = [...names].sort(([, a], [, b]) => b.atMs - a.atMs);
  const ofChat = stays
    .filter(({ chat }) => chat === current)
    .sort((a, b) => Number(a.hasLeft) - Number(b.hasLeft));
  const surplus = [...ofChat.slice(MAX_KEPT - 1), ...stays.filter(({ chat }) => chat < current)];
  return {
    names: byAge
      .slice(room)
      .map(([identity]) => identity)
      .filter((identity) => !change.names?.has(identity)),
    stays: surplus.filter(({ sid }) => sid !== change.joined?.sid && sid !== change.left?.sid),
    reads: [...readIndexes.keys()].filter((chat) => chat < current),
  };
}
