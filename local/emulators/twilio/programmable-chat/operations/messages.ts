import type { Conversation, Message } from '../../conversations/model.ts';
import { addMessage, deleteMessage, updateMessage } from '../../conversations/state/message.ts';
import { mediaForMessage } from '../../media/stored-media.ts';
import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { channelOf, serviceUrl } from './scope.ts';

export function channelMessageOperations(world: World) {
  const messageOf = (call: Call, { messages }: Conversation): Message =>
    found(
      messages.find(({ sid }) => sid === call.path['Sid']),
      call,
    );
  const render = (call: Call, channel: Conversation, message: Message) =>
    toJson(world, serviceUrl(world, call), channel, message);
  return {
    createMessage: (call) => {
      const channel = channelOf(world, call);
      const given = {
        author: call.parameters.text('From') ?? 'system',
        body: call.parameters.text('Body'),
        mayBeEmpty: true,
        attributes: call.parameters.text('Attributes'),
        media: mediaForMessage(world, call.parameters.text('MediaSid')),
        createdAtMs: call.parameters.timeMs('DateCreated'),
      };
      return render(call, channel, addMessage(world, channel, given, call.actor));
    },
    listMessages: (call) => {
      const channel = channelOf(world, call);
      const { messages } = channel;
      const ordered = call.parameters.text('Order') === 'desc' ? messages.toReversed() : messages;
      return pageOf(
        call,
        'messages',
        ordered,
        ({ index }) => String(index),
        (each) => render(call, channel, each),
      );
    },
    fetchMessage: (call) => {
      const channel = channelOf(world, call);
      return render(call, channel, messageOf(call, channel));
    },
    updateMessage: (call) => {
      const channel = channelOf(world, call);
      const message = messageOf(call, channel);
      updateMessage(world, channel, message, changeOf(call, message), call.actor);
      return render(call, channel, message);
    },
    deleteMessage: (call) => {
      const channel = channelOf(world, call);
      deleteMessage(world, channel, messageOf(call, channel), call.actor);
    },
  } satisfies Record<string, Operation>;
}

const changeOf = ({ parameters }: Call, message: Message) => ({
  author: parameters.text('From') ?? message.author,
  body: parameters.text('Body') ?? message.body,
  attributes: parameters.text('Attributes') ?? message.attributes,
});

function toJson(world: World, service: string, channel: Conversation, message: Message) {
  const [media] = message.media ?? [];
  const wasEdited = message.updatedAtMs !== message.createdAtMs;
  return {
    sid: message.sid,
    account_sid: world.account.accountSid,
    service_sid: channel.serviceSid,
    channel_sid: channel.sid,
    to: channel.sid,
    from: message.author,
    body: media ? message.body : (message.body ?? ''),
    attributes: message.attributes,
    index: message.index,
    type: media ? 'media' : 'text',
    media: media
      ? {
          sid: media.sid,
          content_type: media.contentType,
          filename: media.filename,
          size: media.size,
        }
      : null,
    was_edited: wasEdited,
    last_updated_by: wasEdited ? 'system' : null,
    date_created: isoSeconds(message.createdAtMs),
    date_updated: isoSeconds(message.updatedAtMs),
    url: `${service}/Channels/${channel.sid}/Messages/${message.sid}`,
  };
}
