/** Whose words a message is, and how its author is called. */
import type { FlexMessage, FlexNames } from '#core/flex';
import type { Participants } from '#core/participants';
import { type ChatRef, customerIdentity, type SessionRecord } from '#core/session';

/** Some channels of Twilio name an author by the participant's SID, or by nothing else. */
const PARTICIPANT_SID = /^MB[0-9a-f]{32}$/i;

export const isParticipantSid = (author: string): boolean => PARTICIPANT_SID.test(author);

/**
 * Is it the customer's own message? By their identity or their participant's SID; where only some
 * SID is told, by the client message id that our posts carry, unless an agent has that SID.
 *
 * The id is no proof: whoever may post under any author could as well name the customer. An agent
 * writes under an identity, so that attributes copied from a customer's message change nothing.
 */
export function isOwnMessage(
  { session, participants }: SessionRecord,
  { sessionId, number }: ChatRef,
  message: FlexMessage,
): boolean {
  if (message.author === customerIdentity(sessionId)) return true;
  const sid = participantSidOf(message);
  if (sid === undefined) return false;
  const { chat } = session;
  const isCurrent = chat.number === number && chat.state !== 'none';
  if (isCurrent && chat.channel.participantSid === sid) return true;
  const isNamed = !isParticipantSid(message.author) && message.role !== 'system';
  if (isNamed || message.clientMessageId === undefined) return false;
  return !participants.stays.some((stay) => stay.sid === sid && stay.identity !== undefined);
}

/** The identity behind a message of an agent; undefined where it can't be told. */
export function agentIdentityOf(
  { participants }: SessionRecord,
  { author, role }: FlexMessage,
): string | undefined {
  if (role !== 'agent' || author === '') return undefined;
  if (!isParticipantSid(author)) return author;
  return participants.stays.find(({ sid }) => sid === author)?.identity;
}

/** The name of an agent as customers see it. */
export function agentName(
  names: FlexNames,
  participants: Participants,
  identity: string | undefined,
): string {
  const known = identity === undefined ? undefined : participants.names.get(identity)?.name;
  return known || names.fallbackName('agent');
}

function participantSidOf({ author, participantSid }: FlexMessage): string | undefined {
  return isParticipantSid(author) ? author : participantSid;
}
