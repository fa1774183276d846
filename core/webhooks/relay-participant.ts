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
 * Tells the customer that an agent has come, gone or read, and stores it with the session: the name
 * for later messages, the rest for a page that is loaded again.
 *
 * @returns undefined if it was the customer who came, left or read.
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
  // Stored before it is told: the agent's next message may already be at another copy, and needs
  // the name.
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

/** What is not stored yet, so that a webhook that comes again causes no write. */
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
