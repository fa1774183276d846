import type { FlexChannels } from '#core/flex';
import { endChatChannel, findChatChannel } from './chat-channel.ts';
import type { ProgrammableChatConfig } from './chat-config.ts';
import { openChatChannel } from './chat-open.ts';
import { createChatService } from './chat-service.ts';
import { endTasks } from './chat-tasks.ts';
import type { TwilioRest } from './rest-client.ts';
import { uniqueName } from './unique-name.ts';

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
