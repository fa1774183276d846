import type { FlexChannels } from '#core/flex';
import { uniqueName } from '../channel/unique-name.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { endChatChannel, findChatChannel } from './channel.ts';
import type { ProgrammableChatConfig } from './config.ts';
import { endTasks } from './end-tasks.ts';
import { openChatChannel } from './open-channel.ts';
import { createChatService } from './serve-and-reroute.ts';

/** Opens, routes and ends chats as channels of a Flex Flow. */
export function createChatChannels(rest: TwilioRest, config: ProgrammableChatConfig): FlexChannels {
  return {
    openChannel: (chat, profile) => openChatChannel(rest, config, chat, profile),

    // The Flex Flow routes by itself: on creation, or on the first message.
    routeChannel: async (channel) => channel,

    async endChannel(channel) {
      // The status comes last: it tells everybody of the end, and then nobody asks again.
      await endTasks(rest, config, channel);
      await endChatChannel(rest, config, channel.sid);
    },

    channelState: async (chat) => (await findChatChannel(rest, config, uniqueName(chat)))?.state,

    ...createChatService(rest, config),
  };
}
