import { type Published, type PublishPorts, publish } from '#core/connections/publish';
import type { FlexEvent } from '#core/flex';
import { type Participants, type ParticipantsChange, withNames } from '#core/participants';
import { customerIdentity, type SessionRecord } from '#core/session';
import { agentName } from '#core/transcript/authorship';
import { lookUpNames, type NamePorts, noteParticipants } from '#core/transcript/learn-names';
import type { Readership } from '#core/transcript/transcript';
import type { ServerEvent } from '#protocol/events';

type ParticipantEvent = Extract<FlexEvent, { kind: 'joined' | 'left' | 'read' }>;

/**
 * Tells of an agent who comes, goes or has read, and keeps it with the session: the name for all
 * messages to come, the rest for who reloads the page.
 *
 * @returns undefined for what the customer does themselves.
 * @throws ChatError of the store, after the connections were told.
 */
export async function relayParticipant(
  ports: NamePorts & PublishPorts,
  { record, chat: { number } }: Readership,
  event: ParticipantEvent,
  nowMs: number,
): Promise<Published | undefined> {
  const { session, participants } = record;
  const { identity } = event;
  if (identity === customerIdentity(session.id) || isCustomer(record, event)) return undefined;
  const names =
    identity === undefined
      ? new Map()
      : await lookUpNames(ports, record, [identity], { nowMs, isJoining: event.kind === 'joined' });
  const change = {
    ...(names.size > 0 && { names }),
    ...(number === session.chat.number && news(participants, event, number, nowMs)),
  };
  // Noted first: what the agent writes next may already be on its way to another copy.
  const [noted] = await Promise.allSettled(
    Object.keys(change).length > 0 ? [noteParticipants(ports, record, change, nowMs)] : [],
  );
  const name = agentName(ports.names, withNames(participants, names), identity);
  const published = await publish(ports, record, toEvent(event, number, name), nowMs);
  if (noted?.status === 'rejected') throw noted.reason;
  return published;
}

function isCustomer({ session: { chat } }: SessionRecord, event: ParticipantEvent): boolean {
  if (event.kind === 'read' || event.participantSid === undefined) return false;
  return chat.state !== 'none' && chat.channel.participantSid === event.participantSid;
}

/** What is not kept yet: a webhook that comes again costs no write. */
function news(
  { stays, readIndexes }: Participants,
  event: ParticipantEvent,
  chat: number,
  nowMs: number,
): ParticipantsChange {
  if (event.kind === 'read') {
    const isHigher = event.index > (readIndexes.get(chat) ?? -1);
    return isHigher ? { read: { chat, index: event.index } } : {};
  }
  const { identity, participantSid: sid } = event;
  if (sid === undefined) return {};
  const known = stays.find((stay) => stay.chat === chat && stay.sid === sid);
  if (event.kind === 'left') return known?.hasLeft ? {} : { left: { chat, sid } };
  if (identity === undefined || known?.identity !== undefined) return {};
  return { joined: { chat, sid, identity, joinedAtMs: nowMs } };
}

function toEvent(event: ParticipantEvent, chat: number, name: string): ServerEvent {
  return event.kind === 'read'
    ? { type: 'read', chat, index: event.index }
    : { type: 'participant', chat, event: event.kind, role: 'agent', name };
}
