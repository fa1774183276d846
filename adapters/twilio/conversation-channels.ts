import * as v from 'valibot';
import { hasCode } from '#core/errors';
import type { FlexChannels } from '#core/flex';
import type { ChannelSid } from '#core/ids';
import { type ConversationsConfig, conversationPath } from './conversations-config.ts';
import { CONVERSATIONS_HOST } from './hosts.ts';
import { closeInteraction, createInteraction, findInteraction } from './interactions.ts';
import { openConversation, readConversation } from './open-conversation.ts';
import type { TwilioRest } from './rest-client.ts';
import { unlessUnknown } from './unless-unknown.ts';

/** Opens, routes and ends chats as conversations with an interaction on them. */
export function createConversationChannels(
  rest: TwilioRest,
  config: ConversationsConfig,
): FlexChannels {
  const { workspaceSid, routing } = config;
  return {
    openChannel: (chat, profile) => openConversation(rest, config, chat, profile),

    async routeChannel(channel, _chat, profile) {
      // Whoever else routes hears the conversation through its webhook since it was opened.
      if (routing.type !== 'task') return channel;
      const interaction = await createInteraction(rest, config, routing, channel.sid, profile);
      return { ...channel, ...interaction };
    },

    async endChannel({ sid, interactionSid, interactionChannelSid }) {
      if (interactionSid !== undefined && interactionChannelSid !== undefined) {
        if (await closeInteraction(rest, { interactionSid, interactionChannelSid })) return;
      }
      // The SIDs may be unknown (Studio created it) or those of a duplicate that Flex dropped.
      const found = await findInteraction(rest, workspaceSid, sid);
      const isAnother = found !== undefined && found.interactionSid !== interactionSid;
      if (isAnother && (await closeInteraction(rest, found))) return;
      // No task yet, for example because the flow has not come to Send to Flex. It is not
      // documented whether Flex tidies up a task after this; that is why it comes last.
      await closeConversation(rest, config, sid);
    },

    channelState: (chat) =>
      unlessUnknown(undefined, async () => {
        const { state } = await readConversation(rest, config, chat);
        // `inactive` comes back to life with the next message.
        return state === 'closed' ? 'ended' : 'open';
      }),
  };
}

async function closeConversation(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: ChannelSid,
): Promise<void> {
  try {
    await rest({
      method: 'POST',
      host: CONVERSATIONS_HOST,
      path: conversationPath(config, conversation),
      form: { State: 'closed' },
      answer: v.unknown(),
    });
  } catch (error) {
    if (!hasCode(error, 'CHAT_ENDED') && !hasCode(error, 'NO_CHAT')) throw error;
  }
}
