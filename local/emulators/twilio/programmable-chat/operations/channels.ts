import type { Conversation } from '../../conversations/model.ts';
import {
  type ConversationChange,
  createConversation,
  deleteConversation,
  updateConversation,
} from '../../conversations/state/conversation.ts';
import type { Call, Operation } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { channelOf, serviceUrl } from './scope.ts';

/** A conversation and a channel are one thing; here it is seen as a channel. */
export function channelOperations(world: World) {
  const render = (call: Call, channel: Conversation) =>
    toJson(world, serviceUrl(world, call), channel);
  return {
    createChannel: (call) => {
      const type = call.parameters.text('Type') === 'private' ? 'private' : 'public';
      const change = { ...changeOf(call), channelType: type } as const;
      return render(call, createConversation(world, change, call.actor));
    },
    listChannels: (call) => {
      const channels = [...world.conversations.values()];
      return pageOf(
        call,
        'channels',
        channels,
        ({ sid }) => sid,
        (each) => render(call, each),
      );
    },
    fetchChannel: (call) => render(call, channelOf(world, call)),
    updateChannel: (call) => {
      const channel = channelOf(world, call);
      updateConversation(world, channel, changeOf(call), call.actor);
      return render(call, channel);
    },
    deleteChannel: (call) => deleteConversation(world, channelOf(world, call), call.actor),
  } satisfies Record<string, Operation>;
}

const changeOf = ({ parameters }: Call): ConversationChange => ({
  uniqueName: parameters.text('UniqueName') || undefined,
  friendlyName: parameters.text('FriendlyName'),
  attributes: parameters.text('Attributes'),
  createdAtMs: parameters.timeMs('DateCreated'),
  updatedAtMs: parameters.timeMs('DateUpdated'),
});

function toJson(world: World, service: string, channel: Conversation) {
  const url = `${service}/Channels/${channel.sid}`;
  return {
    sid: channel.sid,
    account_sid: world.account.accountSid,
    service_sid: channel.serviceSid,
    friendly_name: channel.friendlyName,
    unique_name: channel.uniqueName,
    attributes: channel.attributes,
    type: channel.channelType,
    created_by: 'system',
    members_count: channel.participants.length,
    messages_count: channel.messages.length,
    date_created: isoSeconds(channel.createdAtMs),
    date_updated: isoSeconds(channel.updatedAtMs),
    url,
    links: {
      members: `${url}/Members`,
      messages: `${url}/Messages`,
      invites: `${url}/Invites`,
      webhooks: `${url}/Webhooks`,
      last_message: lastMessageUrl(url, channel),
    },
  };
}

function lastMessageUrl(url: string, { messages }: Conversation): string | null {
  const last = messages.at(-1);
  return last ? `${url}/Messages/${last.sid}` : null;
}
