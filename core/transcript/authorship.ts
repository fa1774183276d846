/** Who wrote a message, and the author's name for customers. */
import type { FlexMessage, FlexNames } from '#core/flex';
import type { Participants } from '#core/participants';
import { type ChatRef, customerIdentity, type SessionRecord } from '#core/session';

/** Some channels of Twilio name an author by nothing but the participant's SID. */
const PARTICIPANT_SID = /^MB[0-9a-f]{32}$/i;

export const isParticipantSid = (author: string): boolean => PARTICIPANT_SID.test(author);

/**
 * Did the customer write this message? Their identity or their participant's SID says so. Where
 * Flex tells only an unknown SID, the client message id that our posts carry decides, unless an
 * agent is known to have that SID.
 *
 * The id is no proof: whoever may post under any author could as well name the customer. An agent
 * who copies the attributes of a customer's message writes under an identity, and stays an agent.
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

/**
 * The identity of the agent who wrote a message; undefined if an agent did not, or nothing tells.
 */
export function agentIdentityOf(
  { participants }: SessionRecord,
  { author, role }: FlexMessage,
): string | undefined {
  if (role !== 'agent' || author === '') return undefined;
  if (!isParticipantSid(author)) return author;
  return participants.stays.find(({ sid }) => sid === author)?.identity;
}

/** The agent's name for customers. */
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
