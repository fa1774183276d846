import * as v from 'valibot';
import type { FlexBackend, FlexMessages } from '#core/flex';
import { type Channel, type ChatRef, customerIdentity } from '#core/session';
import { isParticipantSid } from '#core/transcript/authorship';
import { createChannelMessages } from '../channel/channel-messages.ts';
import { SYSTEM_AUTHOR } from '../channel/message-fields.ts';
import { ExpiringCache } from '../flex/expiring-cache.ts';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { type ConversationsConfig, conversationPath } from './config.ts';
import { MessageSchema, toFlexMessage } from './message.ts';
import { readParticipant } from './open-conversation.ts';
import { createConversationSignals } from './signals.ts';

const MAX_CACHED = 500;
const CACHED_MS = 60 * 60_000;

/** Posts and reads messages of conversations, and shows what goes with them. */
export function createConversationMessages(
  rest: TwilioRest,
  config: ConversationsConfig,
): FlexMessages & Pick<FlexBackend, 'signals'> {
  const participants = new ExpiringCache<string>(MAX_CACHED, Date.now);
  /** The SID may be unknown in channels of an earlier version: only a GET is documented to take an identity. */
  const participantOf = async (channel: Channel, { sessionId }: ChatRef): Promise<string> => {
    const { sid, participantSid = participants.get(sid) } = channel;
    if (participantSid !== undefined) return participantSid;
    const found = await readParticipant(rest, config, sid, customerIdentity(sessionId));
    participants.set(sid, found, CACHED_MS);
    return found;
  };
  return {
    ...(config.plugin && { signals: createConversationSignals(rest, config, participantOf) }),
    ...createChannelMessages(rest, {
      host: CONVERSATIONS_HOST,
      channelPath: (conversation) => conversationPath(config, conversation),
      authorField: 'Author',
      message: MessageSchema,
      mayBeBy: ({ author, participant_sid }, identity) =>
        author === identity || isSidOnly(author, participant_sid),
      toFlexMessage,
    }),

    async markRead(channel, chat, index) {
      const participant = await participantOf(channel, chat);
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
