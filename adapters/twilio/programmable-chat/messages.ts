import * as v from 'valibot';
import { isParticipantSid } from '#core/authorship';
import type { FlexMessage, FlexMessages } from '#core/flex';
import { type ChatRef, customerIdentity } from '#core/session';
import { clientMessageIdOf, messageAttributes, SYSTEM_AUTHOR } from '../channel/message-fields.ts';
import { findNewest, messageListSchema, readAfter } from '../channel/message-pages.ts';
import { uniqueName } from '../channel/unique-name.ts';
import { CHAT_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';
import { channelPath, type ProgrammableChatConfig } from './config.ts';
import { type ChatMessage, ChatMessageSchema, toFlexMessage } from './message.ts';
import type { ChatUsers } from './users.ts';

const MessagesSchema = messageListSchema(ChatMessageSchema);

/** Posts and reads messages of channels. */
export function createChatMessages(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  users: ChatUsers,
): FlexMessages {
  const messagesOf = (chat: ChatRef) => ({
    method: 'GET' as const,
    host: CHAT_HOST,
    path: below(channelPath(config, uniqueName(chat)), path`/Messages`),
    answer: MessagesSchema,
  });
  return {
    // Twilio takes messages on an INACTIVE channel as well: no post fails with CHAT_ENDED.
    async postMessage(channel, chat, message) {
      await rest({
        method: 'POST',
        host: CHAT_HOST,
        path: below(channelPath(config, channel.sid), path`/Messages`),
        form: {
          From: customerIdentity(chat.sessionId),
          Body: message.body,
          Attributes: messageAttributes(message),
        },
        // Our own webhook confirms the message to every tab, and the Flex Flow hears it.
        webhookEnabled: true,
        // The status says that it is posted. What else the answer tells is not needed.
        answer: v.unknown(),
      });
    },

    findMessage: (chat, id, sinceMs) =>
      unlessUnknown(undefined, async () => {
        const own = customerIdentity(chat.sessionId);
        const found = await findNewest(
          rest,
          messagesOf(chat),
          sinceMs,
          ({ from, attributes }) =>
            (from === own || isParticipantSid(from)) &&
            clientMessageIdOf(attributes).clientMessageId === id,
        );
        return found && toFlexMessage(found, false);
      }),

    listMessages: (chat, afterIndex, limit, places) =>
      unlessUnknown({ messages: [], complete: true }, async () => {
        const range = await readAfter(rest, messagesOf(chat), afterIndex, limit, places);
        return { ...range, messages: await toFlexMessages(range.messages, chat, users) };
      }),

    lastWordAtMs: (chat) =>
      unlessUnknown(undefined, async () => {
        const newest = await findNewest(rest, messagesOf(chat), Infinity, () => true);
        return newest?.date_created;
      }),

    async markRead(channel, { sessionId }, index) {
      await rest({
        method: 'POST',
        host: CHAT_HOST,
        path: below(
          channelPath(config, channel.sid),
          path`/Members/${customerIdentity(sessionId)}`,
        ),
        form: { LastConsumedMessageIndex: String(index) },
        answer: v.unknown(),
      });
    },
  };
}

/**
 * A stored message does not say whether an agent or a program wrote it, and an agent is no
 * member of the channel any more once the chat has ended. But agents sign in to the chat
 * service with Flex and stay users of it; a post through REST under a bot's name makes none.
 */
async function toFlexMessages(
  messages: readonly ChatMessage[],
  { sessionId }: ChatRef,
  users: ChatUsers,
): Promise<FlexMessage[]> {
  const known = new Set([customerIdentity(sessionId), SYSTEM_AUTHOR]);
  const others = [...new Set(messages.map(({ from }) => from))].filter((from) => !known.has(from));
  const agents = new Set<string>();
  await Promise.all(
    others.map(async (author) => {
      if ((await users.find(author)) !== undefined) agents.add(author);
    }),
  );
  return messages.map((message) => toFlexMessage(message, agents.has(message.from)));
}
