import type { Conversation, Participant } from '../../conversations/model.ts';
import {
  addParticipant,
  findParticipant,
  type ParticipantChange,
  removeParticipant,
  updateParticipant,
} from '../../conversations/state/participant.ts';
import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { channelOf, serviceUrl } from './scope.ts';

/** A participant is a member. */
export function memberOperations(world: World) {
  const memberOf = (call: Call, channel: Conversation): Participant =>
    found(findParticipant(channel, call.path['Sid'] ?? ''), call);
  const render = (call: Call, channel: Conversation, member: Participant) =>
    toJson(world, serviceUrl(world, call), channel, member);
  return {
    createMember: (call) => {
      const channel = channelOf(world, call);
      const given = {
        identity: call.parameters.text('Identity') ?? '',
        roleSid: call.parameters.text('RoleSid'),
        ...changeOf(call),
      };
      return render(call, channel, addParticipant(world, channel, given, call.actor));
    },
    listMembers: (call) => {
      const channel = channelOf(world, call);
      const identities = call.parameters.list('Identity');
      const listed = channel.participants.filter(
        ({ identity }) => identities?.includes(identity) ?? true,
      );
      return pageOf(
        call,
        'members',
        listed,
        ({ sid }) => sid,
        (each) => render(call, channel, each),
      );
    },
    fetchMember: (call) => {
      const channel = channelOf(world, call);
      return render(call, channel, memberOf(call, channel));
    },
    updateMember: (call) => {
      const channel = channelOf(world, call);
      const member = memberOf(call, channel);
      updateParticipant(world, channel, member, changeOf(call), call.actor);
      return render(call, channel, member);
    },
    deleteMember: (call) => {
      const channel = channelOf(world, call);
      removeParticipant(world, channel, memberOf(call, channel), call.actor);
    },
  } satisfies Record<string, Operation>;
}

const changeOf = ({ parameters }: Call): ParticipantChange => ({
  attributes: parameters.text('Attributes'),
  lastReadMessageIndex: parameters.integer('LastConsumedMessageIndex'),
  lastReadAtMs: parameters.timeMs('LastConsumptionTimestamp'),
});

function toJson(world: World, service: string, channel: Conversation, member: Participant) {
  const readAtMs = member.lastReadAtMs;
  return {
    sid: member.sid,
    account_sid: world.account.accountSid,
    service_sid: channel.serviceSid,
    channel_sid: channel.sid,
    identity: member.identity,
    role_sid: member.roleSid,
    attributes: member.attributes,
    last_consumed_message_index: member.lastReadMessageIndex,
    last_consumption_timestamp: readAtMs === null ? null : isoSeconds(readAtMs),
    date_created: isoSeconds(member.createdAtMs),
    date_updated: isoSeconds(member.updatedAtMs),
    url: `${service}/Channels/${channel.sid}/Members/${member.sid}`,
  };
}
