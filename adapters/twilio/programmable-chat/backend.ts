import type { FlexBackend } from '#core/flex';
import { createChannelContents } from '../channel/channel-contents.ts';
import { createChannelFiles } from '../channel/channel-files.ts';
import { createDisplayNames } from '../flex/display-names.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { createProgrammableChatChannels } from './channels.ts';
import type { ProgrammableChatConfig } from './config.ts';
import { createProgrammableChatMessages } from './messages.ts';
import { createServiceUsers } from './users.ts';

/**
 * Flex Flow, Flex Channels and Programmable Chat: one channel per chat, made an agent's task by
 * the Flex Flow. Twilio ended Programmable Chat for Flex on 2026-06-01; it is not documented how
 * its API answers since. Accounts that still have it, and their way to Conversations, need this.
 * Source: twilio.com/docs/flex/admin-guide/core-concepts/chat-and-messaging.
 */
export function createProgrammableChatBackend(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
): FlexBackend {
  const users = createServiceUsers(rest, config);
  return {
    ...createProgrammableChatChannels(rest, config),
    ...createProgrammableChatMessages(rest, config, users),
    ...createChannelFiles(rest, config),
    ...createChannelContents(rest, config),
    // Whether Flex puts the agent's full name there is not documented; hence the configured one.
    ...createDisplayNames(rest, config, users.find),
  };
}
