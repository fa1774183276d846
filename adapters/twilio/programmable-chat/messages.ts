import * as v from 'valibot';
import type { FlexMessages } from '#core/flex';
import { type ChatRef, customerIdentity } from '#core/session';
import { isParticipantSid } from '#core/transcript/authorship';
import { createChannelMessages } from '../channel/channel-messages.ts';
import { SYSTEM_AUTHOR } from '../channel/message-fields.ts';
import { PROGRAMMABLE_CHAT_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { channelPath, type ProgrammableChatConfig } from './config.ts';
import { MessageSchema, type StoredMessage, toFlexMessage } from './message.ts';
import type { ServiceUsers } from './users.ts';

/**
 * Posts and reads messages of channels. Twilio takes messages on an INACTIVE channel as well: no
 * post fails with `CHAT_ENDED`.
 */
export function createProgrammableChatMessages(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  users: ServiceUsers,
): FlexMessages {
  return {
    ...createChannelMessages(rest, {
      host: PROGRAMMABLE_CHAT_HOST,
      channelPath: (channel) => channelPath(config, channel),
      authorField: 'From',
      message: MessageSchema,
      mayBeBy: ({ from }, identity) => from === identity || isParticipantSid(from),
      toFlexMessage,
      agentsAmong: (messages, chat) => agentsAmong(messages, chat, users),
    }),

    async markRead(channel, { sessionId }, index) {
      await rest({
        method: 'POST',
        host: PROGRAMMABLE_CHAT_HOST,
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
async function agentsAmong(
  messages: readonly StoredMessage[],
  { sessionId }: ChatRef,
  users: ServiceUsers,
): Promise<ReadonlySet<string>> {
  const known = new Set([customerIdentity(sessionId), SYSTEM_AUTHOR]);
  const others = [...new Set(messages.map(({ from }) => from))].filter((from) => !known.has(from));
  const found = await Promise.all(others.map((author) => users.find(author)));
  return new Set(others.filter((_, at) => found[at] !== undefined));
}
