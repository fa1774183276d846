import { conflict } from '../../rest/twilio-error.ts';
import { announce, isoMs, type World } from '../../world/world.ts';
import type { Actor, Conversation, Participant } from '../model.ts';
import { assertOpen } from './conversation.ts';
import { ensureUser } from './user.ts';

export interface NewParticipant {
  readonly identity: string;
  readonly attributes?: string | undefined;
  readonly roleSid?: string | undefined;
  readonly lastReadMessageIndex?: number | undefined;
  readonly lastReadAtMs?: number | undefined;
}

export interface ParticipantChange {
  readonly attributes?: string | undefined;
  readonly lastReadMessageIndex?: number | undefined;
  readonly lastReadAtMs?: number | undefined;
}

/** @throws TwilioError 50433 when the identity is there already, 50377. */
export function addParticipant(
  world: World,
  conversation: Conversation,
  { identity, attributes, roleSid, lastReadMessageIndex, lastReadAtMs }: NewParticipant,
  actor: Actor,
): Participant {
  assertOpen(conversation);
  if (findParticipant(conversation, identity) !== undefined) {
    throw conflict(50433, 'Participant already exists');
  }
  ensureUser(world, identity);
  const nowMs = world.nowMs();
  const participant: Participant = {
    sid: world.newSid('MB'),
    identity,
    roleSid: roleSid ?? world.newSid('RL'),
    attributes: attributes ?? '{}',
    lastReadMessageIndex: lastReadMessageIndex ?? null,
    lastReadAtMs: lastReadAtMs ?? null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  conversation.participants.push(participant);
  announce(world, {
    type: 'onParticipantAdded',
    conversation,
    actor,
    fields: participantFields(conversation, participant),
  });
  return participant;
}

/** @throws TwilioError 50377. */
export function updateParticipant(
  world: World,
  conversation: Conversation,
  participant: Participant,
  change: ParticipantChange,
  actor: Actor,
): void {
  assertOpen(conversation);
  const nowMs = world.nowMs();
  participant.attributes = change.attributes ?? participant.attributes;
  const clears = world.unconfirmed().attributesKeepHorizon === 'no';
  if (clears && change.attributes !== undefined) participant.lastReadMessageIndex = null;
  if (change.lastReadMessageIndex !== undefined) {
    participant.lastReadMessageIndex = change.lastReadMessageIndex;
    participant.lastReadAtMs = nowMs;
  }
  participant.lastReadAtMs = change.lastReadAtMs ?? participant.lastReadAtMs;
  participant.updatedAtMs = nowMs;
  const fields = {
    ...participantFields(conversation, participant),
    DateUpdated: isoMs(nowMs),
    LastReadMessageIndex: participant.lastReadMessageIndex?.toString(),
  };
  announce(world, { type: 'onParticipantUpdated', conversation, actor, fields });
}

export function removeParticipant(
  world: World,
  conversation: Conversation,
  participant: Participant,
  actor: Actor,
): void {
  conversation.participants.splice(conversation.participants.indexOf(participant), 1);
  const removedAt = isoMs(world.nowMs());
  const fields = {
    ...participantFields(conversation, participant),
    DateUpdated: removedAt,
    DateRemoved: removedAt,
  };
  announce(world, { type: 'onParticipantRemoved', conversation, actor, fields });
}

/** By SID or identity. */
export const findParticipant = (
  { participants }: Conversation,
  key: string,
): Participant | undefined =>
  participants.find(({ sid, identity }) => sid === key || identity === key);

const participantFields = (
  conversation: Conversation,
  participant: Participant,
): Record<string, string | undefined> => ({
  ConversationSid: conversation.sid,
  ParticipantSid: participant.sid,
  DateCreated: isoMs(participant.createdAtMs),
  Identity: participant.identity,
  RoleSid: participant.roleSid,
  Attributes: participant.attributes,
  'MessagingBinding.Type': 'CHAT',
});
