import { sendContent } from '../../content/send-content.ts';
import { mediaForMessage } from '../../media/stored-media.ts';
import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import type { Conversation, Media, Message } from '../model.ts';
import { addMessage, deleteMessage, updateMessage } from '../state/message.ts';
import { baseUrl, conversationOf, openConversationOf } from './scope.ts';

export function messageOperations(world: World) {
  const messageOf = (call: Call, { messages }: Conversation): Message =>
    found(
      messages.find(({ sid }) => sid === call.path['Sid']),
      call,
    );
  const contentOf = ({ parameters }: Call) => {
    const sid = parameters.text('ContentSid');
    return sid ? sendContent(world, sid, parameters.text('ContentVariables')) : undefined;
  };
  const render = (call: Call, conversation: Conversation, message: Message) =>
    toJson(world, baseUrl(world, call), conversation, message);
  return {
    createMessage: (call) => {
      const conversation = conversationOf(world, call);
      const content = contentOf(call);
      const message = addMessage(
        world,
        conversation,
        {
          author: call.parameters.text('Author') ?? 'system',
          body: call.parameters.text('Body'),
          attributes: call.parameters.text('Attributes'),
          // A template takes the place of body and media.
          media: content ? undefined : mediaForMessage(world, call.parameters.text('MediaSid')),
          content,
          createdAtMs: call.parameters.timeMs('DateCreated'),
        },
        call.actor,
      );
      return render(call, conversation, message);
    },
    listMessages: (call) => {
      const conversation = conversationOf(world, call);
      const { messages } = conversation;
      const ordered = call.parameters.text('Order') === 'desc' ? messages.toReversed() : messages;
      return pageOf(
        call,
        'messages',
        ordered,
        ({ index }) => String(index),
        (each) => render(call, conversation, each),
      );
    },
    fetchMessage: (call) => {
      const conversation = conversationOf(world, call);
      return render(call, conversation, messageOf(call, conversation));
    },
    updateMessage: (call) => {
      const conversation = conversationOf(world, call);
      const message = messageOf(call, conversation);
      updateMessage(world, conversation, message, changeOf(call, message), call.actor);
      return render(call, conversation, message);
    },
    deleteMessage: (call) => {
      const conversation = openConversationOf(world, call);
      deleteMessage(world, conversation, messageOf(call, conversation), call.actor);
    },
  } satisfies Record<string, Operation>;
}

const changeOf = ({ parameters }: Call, message: Message) => ({
  author: parameters.text('Author') ?? message.author,
  body: parameters.text('Body') ?? message.body,
  attributes: parameters.text('Attributes') ?? message.attributes,
});

const mediaJson = ({ sid, size, contentType, filename, category }: Media) => ({
  sid,
  size,
  content_type: contentType,
  filename,
  ...(category && { category }),
});

function toJson(world: World, base: string, conversation: Conversation, message: Message) {
  const url = `${base}/Conversations/${conversation.sid}/Messages/${message.sid}`;
  return {
    sid: message.sid,
    account_sid: world.account.accountSid,
    conversation_sid: conversation.sid,
    author: message.author,
    body: message.body,
    media: message.media?.map(mediaJson) ?? null,
    attributes: message.attributes,
    participant_sid: message.participantSid,
    index: message.index,
    delivery: null,
    content_sid: message.contentSid ?? null,
    date_created: isoSeconds(message.createdAtMs),
    date_updated: isoSeconds(message.updatedAtMs),
    url,
    links: {
      delivery_receipts: `${url}/Receipts`,
      channel_metadata: `${url}/ChannelMetadata`,
    },
  };
}
