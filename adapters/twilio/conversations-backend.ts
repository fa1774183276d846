import * as v from 'valibot';
import type { FlexBackend } from '#core/flex';
import { createConversationChannels } from './conversation-channels.ts';
import { createConversationMessages } from './conversation-messages.ts';
import type { ConversationsConfig } from './conversations-config.ts';
import { createDisplayNames } from './display-names.ts';
import { CONVERSATIONS_HOST } from './hosts.ts';
import type { TwilioRest } from './rest-client.ts';
import { path } from './twilio-path.ts';

/** A webhook is to be answered within 5 s, and a name may be looked up on its way. */
const NAME_TIMEOUT_MS = 1_500;

const UserSchema = v.object({ friendly_name: v.nullish(v.string(), '') });

/** Flex Conversations: one conversation per chat, made an agent's task by an interaction or by Studio. */
export function createConversationsBackend(
  rest: TwilioRest,
  config: ConversationsConfig,
): FlexBackend {
  // Whether Flex puts the agent's full name there is not documented; hence the configured one.
  const readName = async (identity: string): Promise<string> => {
    const user = await rest({
      method: 'GET',
      host: CONVERSATIONS_HOST,
      path: path`/v1/Services/${config.chatServiceSid}/Users/${identity}`,
      answer: UserSchema,
      timeoutMs: NAME_TIMEOUT_MS,
    });
    return user.friendly_name;
  };
  return {
    ...createConversationChannels(rest, config),
    ...createConversationMessages(rest, config),
    ...createDisplayNames(readName, config.names),
  };
}
