import type { FlexNames } from '#core/flex';
import { presentIn } from '#core/participants';
import type { SessionRecord } from '#core/session';
import { agentName } from '#core/transcript/authorship';
import type { EventOf } from '#protocol/events';

/** The part of a `history` reply that says who is there, and how far the agent has read. */
export type Presence = Pick<EventOf<'history'>, 'agents' | 'readIndex'>;

/** Who is in the open chat, according to its webhooks. Makes no call to Flex. */
export function presenceIn(names: FlexNames, { session, participants }: SessionRecord): Presence {
  const { number, state } = session.chat;
  if (state !== 'open') return {};
  const readIndex = participants.readIndexes.get(number);
  const present = presentIn(participants, number);
  return {
    // Before any webhook told of somebody who came or went, we do not know who is there.
    ...(participants.stays.some(({ chat }) => chat === number) && {
      agents: present.map((identity) => agentName(names, participants, identity)),
    }),
    ...(readIndex !== undefined && { readIndex }),
  };
}
