import * as v from 'valibot';
import { hasCode } from '#core/errors';
import type { CustomerMessage, FlexMessage, FlexMessagePage, FlexMessages } from '#core/flex';
import { type ChatRef, customerIdentity } from '#core/session';
import { MessageSchema, toFlexMessage } from './conversation-message.ts';
import {
  below,
  CONVERSATIONS_HOST,
  type ConversationsConfig,
  conversationPath,
  uniqueName,
} from './conversations-config.ts';
import { metaSchema, pagesOf } from './pages.ts';
import type { TwilioRest } from './rest-client.ts';
import { path } from './twilio-path.ts';

/** How far back a message is looked for; the port asks for 40. */
const FIND_PAGE_SIZE = 50;

/** The largest page that Twilio gives. */
const MAX_PAGE_SIZE = 100;

const MessagesSchema = v.object({ messages: v.array(MessageSchema), meta: metaSchema });

/** Posts and reads messages of conversations. */
export function createConversationMessages(
  rest: TwilioRest,
  config: ConversationsConfig,
): FlexMessages {
  const list = (chat: ChatRef, order: 'asc' | 'desc', pageSize: number) => ({
    method: 'GET' as const,
    host: CONVERSATIONS_HOST,
    path: below(conversationPath(config, uniqueName(chat)), path`/Messages`),
    form: { Order: order, PageSize: String(pageSize) },
    answer: MessagesSchema,
  });
  return {
    async postMessage(channel, chat, message) {
      const posted = await rest({
        method: 'POST',
        host: CONVERSATIONS_HOST,
        path: below(conversationPath(config, channel.sid), path`/Messages`),
        form: messageForm(chat, message),
        // Our own webhook confirms the message to every tab, and Studio hears it.
        webhookEnabled: true,
        answer: MessageSchema,
      });
      return toFlexMessage(posted);
    },

    findMessage: (chat, id) =>
      unlessUnknown(undefined, async () => {
        const { messages } = await rest(list(chat, 'desc', FIND_PAGE_SIZE));
        const author = customerIdentity(chat.sessionId);
        return messages
          .map(toFlexMessage)
          .find((message) => message.author === author && message.clientMessageId === id);
      }),

    listMessages: (chat, afterIndex, limit) =>
      unlessUnknown<FlexMessagePage>({ messages: [], complete: true }, async () => {
        if (afterIndex >= 0) {
          return newerThan(afterIndex, limit, pagesOf(rest, list(chat, 'desc', MAX_PAGE_SIZE)));
        }
        const { messages, meta } = await rest(list(chat, 'asc', limit));
        return { messages: messages.map(toFlexMessage), complete: !meta.next_page_url };
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

function messageForm({ sessionId }: ChatRef, { id, body, attributes }: CustomerMessage) {
  return {
    Author: customerIdentity(sessionId),
    Body: body,
    Attributes: JSON.stringify({ ...attributes, clientMessageId: id }),
  };
}

/** Twilio has no filter by index: reads from the newest back to the last one that is known. */
async function newerThan(
  afterIndex: number,
  limit: number,
  newestFirst: AsyncIterable<v.InferOutput<typeof MessagesSchema>>,
): Promise<FlexMessagePage> {
  const newer: FlexMessage[] = [];
  for await (const { messages } of newestFirst) {
    newer.push(...messages.map(toFlexMessage).filter(({ index }) => index > afterIndex));
    if (messages.some(({ index }) => index <= afterIndex)) break;
  }
  newer.sort((a, b) => a.index - b.index);
  return { messages: newer.slice(0, limit), complete: newer.length <= limit };
}

/** A chat without a conversation has no messages. */
async function unlessUnknown<Result>(absent: Result, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (hasCode(error, 'NO_CHAT')) return absent;
    throw error;
  }
}
