import * as v from 'valibot';
import { hasCode } from '#core/errors';
import type { FlexChannels } from '#core/flex';
import type { ChannelSid } from '#core/ids';
import { uniqueName } from '../channel/unique-name.ts';
import { taskAttributes } from '../flex/customer-attributes.ts';
import { isWaiting, readTask } from '../flex/tasks.ts';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { type ConversationsConfig, conversationPath } from './config.ts';
import {
  closeInteraction,
  createInteraction,
  findInteraction,
  type InteractionSids,
} from './interactions.ts';
import { findConversation, openConversation } from './open-conversation.ts';
import { createConversationServing } from './serve-and-reroute.ts';

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
      const { workflowSid, taskChannel } = routing;
      const attributes = taskAttributes(channel.sid, profile);
      const task = { workflowSid, taskChannel, attributes };
      const interaction = await createInteraction(rest, config, channel.sid, task);
      return { ...channel, ...interaction };
    },

    async endChannel({ sid, interactionSid, interactionChannelSid, taskSid }) {
      if (interactionSid !== undefined && interactionChannelSid !== undefined) {
        const known = { interactionSid, interactionChannelSid, ...(taskSid && { taskSid }) };
        if (await endInteraction(rest, config, known)) return;
      }
      // The SIDs may be unknown (Studio created it) or those of a duplicate that Flex dropped.
      const found = await findInteraction(rest, workspaceSid, sid);
      const isAnother = found !== undefined && found.interactionSid !== interactionSid;
      if (isAnother && (await endInteraction(rest, config, found))) return;
      // No task yet, for example because the flow has not come to Send to Flex. It is not
      // documented whether Flex tidies up a task after this; that is why it comes last.
      await closeConversation(rest, config, sid);
    },

    async channelState(chat) {
      const conversation = await findConversation(rest, config, uniqueName(chat));
      if (conversation === undefined) return undefined;
      // `inactive` comes back to life with the next message.
      return conversation.state === 'closed' ? 'ended' : 'open';
    },

    ...createConversationServing(rest, config),
  };
}

/**
 * Leaves an agent who has accepted the task to wrap up. A task that nobody has can't be wrapped up.
 * One that is not known is treated as accepted: an agent may have it.
 */
async function endInteraction(
  rest: TwilioRest,
  { workspaceSid }: ConversationsConfig,
  interaction: InteractionSids & { readonly taskSid?: string },
): Promise<boolean> {
  const { taskSid } = interaction;
  const task = await readTask(rest, workspaceSid, taskSid);
  return closeInteraction(rest, interaction, { wrapsUp: task === undefined || !isWaiting(task) });
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
