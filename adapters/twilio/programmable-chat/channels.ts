import type { FlexChannels } from '#core/flex';
import { uniqueName } from '../channel/unique-name.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { deactivateChannel, findChannel } from './channel.ts';
import type { ProgrammableChatConfig } from './config.ts';
import { endTasks } from './end-tasks.ts';
import { openFlexChannel } from './open-channel.ts';
import { createProgrammableChatServing } from './serve-and-reroute.ts';

/** Opens, routes and ends chats as channels of a Flex Flow. */
export function createProgrammableChatChannels(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
): FlexChannels {
  return {
    openChannel: (chat, profile) => openFlexChannel(rest, config, chat, profile),

    // The Flex Flow routes by itself: on creation, or on the first message.
    routeChannel: async (channel) => channel,

    async endChannel(channel) {
      // The status comes last: it tells everybody of the end, and then nobody asks again.
      await endTasks(rest, config, channel);
      await deactivateChannel(rest, config, channel.sid);
    },

    channelState: async (chat) => (await findChannel(rest, config, uniqueName(chat)))?.state,

    ...createProgrammableChatServing(rest, config),
  };
}
