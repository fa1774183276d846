import { type Call, found, type Operation, pathOf } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { badRequest, notFound } from '../../rest/twilio-error.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import type { Conversation, Participant } from '../model.ts';
import {
  addParticipant,
  findParticipant,
  removeParticipant,
  updateParticipant,
} from '../state/participant.ts';
import { findUser } from '../state/user.ts';
import { timersJson } from './conversations.ts';
import { baseUrl, conversationOf, openConversationOf } from './scope.ts';

export function participantOperations(world: World) {
  const participantOf = (call: Call, conversation: Conversation): Participant =>
    found(findParticipant(conversation, call.path['Sid'] ?? ''), call);
  /** Only a GET is documented to take an identity in place of the SID. */
  const bySid = (call: Call, conversation: Conversation): Participant => {
    const participant = participantOf(call, conversation);
    return found(participant.sid === call.path['Sid'] ? participant : undefined, call);
  };
  const render = (call: Call, conversation: Conversation, participant: Participant) =>
    toJson(world, baseUrl(world, call), conversation, participant);
  return {
    createParticipant: (call) => {
      const conversation = conversationOf(world, call);
      const given = {
        identity: required(call, 'Identity'),
        attributes: call.parameters.text('Attributes'),
        roleSid: call.parameters.text('RoleSid'),
      };
      return render(call, conversation, addParticipant(world, conversation, given, call.actor));
    },
    listParticipants: (call) => {
      const conversation = conversationOf(world, call);
      return pageOf(call, 'participants', conversation.participants, sidOf, (each) =>
        render(call, conversation, each),
      );
    },
    fetchParticipant: (call) => {
      const conversation = conversationOf(world, call);
      return render(call, conversation, participantOf(call, conversation));
    },
    updateParticipant: (call) => {
      const conversation = conversationOf(world, call);
      const participant = bySid(call, conversation);
      const change = {
        attributes: call.parameters.text('Attributes'),
        lastReadMessageIndex: call.parameters.integer('LastReadMessageIndex'),
        lastReadAtMs: call.parameters.timeMs('LastReadTimestamp'),
      };
      updateParticipant(world, conversation, participant, change, call.actor);
      return render(call, conversation, participant);
    },
    deleteParticipant: (call) => {
      const conversation = openConversationOf(world, call);
      removeParticipant(world, conversation, bySid(call, conversation), call.actor);
    },
    listParticipantConversations: (call) => listConversationsOf(world, call),
  } satisfies Record<string, Operation>;
}

const sidOf = ({ sid }: { readonly sid: string }) => sid;

/** Twilio marks it optional, since an address could stand in for it; addresses are not simulated. */
function required(call: Call, name: string): string {
  const value = call.parameters.text(name);
  if (!value) throw badRequest(`Missing required parameter ${name}`);
  return value;
}

/** Closed conversations are listed too. */
function listConversationsOf(world: World, call: Call) {
  const base = baseUrl(world, call);
  if (call.parameters.text('Address') !== undefined) {
    if (call.parameters.text('Identity') === undefined) throw notFound(pathOf(call));
    throw badRequest('Either Identity or Address can be given', 50451);
  }
  const identity = required(call, 'Identity');
  const memberships = [...world.conversations.values()].flatMap((conversation) => {
    const participant = conversation.participants.find((each) => each.identity === identity);
    return participant ? [{ conversation, participant }] : [];
  });
  return pageOf(
    call,
    'conversations',
    memberships,
    ({ participant }) => participant.sid,
    ({ conversation, participant }) => membershipJson(world, base, conversation, participant),
  );
}

function membershipJson(
  world: World,
  base: string,
  conversation: Conversation,
  participant: Participant,
) {
  const url = `${base}/Conversations/${conversation.sid}`;
  return {
    account_sid: world.account.accountSid,
    chat_service_sid: conversation.serviceSid,
    participant_sid: participant.sid,
    participant_user_sid: findUser(world, participant.identity)?.sid ?? null,
    participant_identity: participant.identity,
    participant_messaging_binding: null,
    conversation_sid: conversation.sid,
    conversation_unique_name: conversation.uniqueName,
    conversation_friendly_name: conversation.friendlyName,
    conversation_attributes: conversation.attributes,
    conversation_date_created: isoSeconds(conversation.createdAtMs),
    conversation_date_updated: isoSeconds(conversation.updatedAtMs),
    conversation_created_by: 'system',
    conversation_state: conversation.state,
    conversation_timers: timersJson(conversation),
    links: { participant: `${url}/Participants/${participant.sid}`, conversation: url },
  };
}

function toJson(world: World, base: string, conversation: Conversation, participant: Participant) {
  const readAtMs = participant.lastReadAtMs;
  return {
    sid: participant.sid,
    account_sid: world.account.accountSid,
    conversation_sid: conversation.sid,
    identity: participant.identity,
    attributes: participant.attributes,
    messaging_binding: null,
    role_sid: participant.roleSid,
    last_read_message_index: participant.lastReadMessageIndex,
    last_read_timestamp: readAtMs === null ? null : isoSeconds(readAtMs),
    date_created: isoSeconds(participant.createdAtMs),
    date_updated: isoSeconds(participant.updatedAtMs),
    url: `${base}/Conversations/${conversation.sid}/Participants/${participant.sid}`,
  };
}
