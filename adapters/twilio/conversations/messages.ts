import * as v from 'valibot';
import { isParticipantSid } from '#core/authorship';
import type { FlexMessages } from '#core/flex';
import { type Channel, type ChatRef, customerIdentity } from '#core/session';
import { clientMessageIdOf, messageAttributes, SYSTEM_AUTHOR } from '../channel/message-fields.ts';
import { findNewest, messageListSchema, readAfter } from '../channel/message-pages.ts';
import { uniqueName } from '../channel/unique-name.ts';
import { ExpiringCache } from '../flex/expiring-cache.ts';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';
import { type ConversationsConfig, conversationPath } from './config.ts';
import { MessageSchema, toFlexMessage } from './message.ts';
import { readParticipant } from './open-conversation.ts';

const MAX_CACHED = 500;
const CACHED_MS = 60 * 60_000;

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
  const participants = new ExpiringCache<string>(MAX_CACHED, Date.now);
  /** Of channels that were opened by an earlier version: only a GET is documented to take an identity. */
  const participantOf = async ({ sid }: Channel, { sessionId }: ChatRef): Promise<string> => {
    const cached = participants.get(sid);
    if (cached !== undefined) return cached;
    const found = await readParticipant(rest, config, sid, customerIdentity(sessionId));
    participants.set(sid, found, CACHED_MS);
    return found;
  };
  return {
    async postMessage(channel, chat, message) {
      await rest({
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
          ({ author, participant_sid, attributes }) =>
            (author === own || isSidOnly(author, participant_sid)) &&
            clientMessageIdOf(attributes).clientMessageId === id,
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

    async markRead(channel, chat, index) {
      const participant = channel.participantSid ?? (await participantOf(channel, chat));
      await rest({
        method: 'POST',
        host: CONVERSATIONS_HOST,
        path: below(conversationPath(config, channel.sid), path`/Participants/${participant}`),
        form: { LastReadMessageIndex: String(index) },
        answer: v.unknown(),
      });
    },
  };
}

/** Some channels name an author by the participant's SID, or by nothing else. */
function isSidOnly(author: string, participantSid: string | null | undefined): boolean {
  if (isParticipantSid(author)) return true;
  return author === SYSTEM_AUTHOR && typeof participantSid === 'string';
}
