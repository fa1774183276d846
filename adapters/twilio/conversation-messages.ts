import * as v from 'valibot';
import type { FlexMessages } from '#core/flex';
import { type ChatRef, customerIdentity } from '#core/session';
import { MessageSchema, toFlexMessage } from './conversation-message.ts';
import { type ConversationsConfig, conversationPath } from './conversations-config.ts';
import { CONVERSATIONS_HOST } from './hosts.ts';
import { clientMessageIdOf, messageAttributes } from './message-fields.ts';
import { findNewest, messageListSchema, readAfter } from './message-pages.ts';
import type { TwilioRest } from './rest-client.ts';
import { below, path } from './twilio-path.ts';
import { uniqueName } from './unique-name.ts';
import { unlessUnknown } from './unless-unknown.ts';

const MessagesSchema = messageListSchema(MessageSchema);

/** Posts and reads messages of conversations. */
export function createConversationMessages(
  rest: TwilioRest,
  config: ConversationsConfig,
): FlexMessages {
  const messagesOf = (chat: ChatRef) => ({
    method: 'GET' as const,
    host: CONVERSATIONS_HOST,
    path: below(conversationPath(config, uniqueName(chat)), path`/Messages`),
    answer: MessagesSchema,
  });
  return {
    async postMessage(channel, chat, message) {
      const posted = await rest({
        method: 'POST',
        host: CONVERSATIONS_HOST,
        path: below(conversationPath(config, channel.sid), path`/Messages`),
        form: {
          Author: customerIdentity(chat.sessionId),
          Body: message.body,
          Attributes: messageAttributes(message),
        },
        // Our own webhook confirms the message to every tab, and Studio hears it.
        webhookEnabled: true,
        answer: MessageSchema,
      });
      return toFlexMessage(posted);
    },

    findMessage: (chat, id, sinceMs) =>
      unlessUnknown(undefined, async () => {
        const own = customerIdentity(chat.sessionId);
        const found = await findNewest(
          rest,
          messagesOf(chat),
          sinceMs,
          ({ author, attributes }) =>
            author === own && clientMessageIdOf(attributes).clientMessageId === id,
        );
        return found && toFlexMessage(found);
      }),

    listMessages: (chat, afterIndex, limit, places) =>
      unlessUnknown({ messages: [], complete: true }, async () => {
        const range = await readAfter(rest, messagesOf(chat), afterIndex, limit, places);
        return { ...range, messages: range.messages.map(toFlexMessage) };
      }),

    lastWordAtMs: (chat) =>
      unlessUnknown(undefined, async () => {
        const newest = await findNewest(rest, messagesOf(chat), Infinity, () => true);
        return newest?.date_created;
      }),

    async markRead(channel, { sessionId }, index) {
      await rest({
        method: 'POST',
        host: CONVERSATIONS_HOST,
        path: below(
          conversationPath(config, channel.sid),
          path`/Participants/${customerIdentity(sessionId)}`,
        ),
        form: { LastReadMessageIndex: String(index) },
        answer: v.unknown(),
      });
    },
  };
}
