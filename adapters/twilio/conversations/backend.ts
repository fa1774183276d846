import type { FlexBackend } from '#core/flex';
import { createChannelContents } from '../channel/channel-contents.ts';
import { createChannelFiles } from '../channel/channel-files.ts';
import { createDisplayNames } from '../flex/display-names.ts';
import { readUser } from '../flex/read-user.ts';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { createConversationChannels } from './channels.ts';
import { type ConversationsConfig, userPath } from './config.ts';
import { createConversationMessages } from './messages.ts';

/** Flex Conversations: one conversation per chat, made an agent's task by an interaction or by Studio. */
export function createConversationsBackend(
  rest: TwilioRest,
  config: ConversationsConfig,
): FlexBackend {
  return {
    ...createConversationChannels(rest, config),
    ...createConversationMessages(rest, config),
    ...createChannelFiles(rest, config),
    ...createChannelContents(rest, config),
    // Whether Flex puts the agent's full name there is not documented; hence the configured one.
    ...createDisplayNames(rest, config, (identity) =>
      readUser(rest, { host: CONVERSATIONS_HOST, path: userPath(config, identity) }),
    ),
  };
}
