import { newTask } from '../taskrouter/state/task.ts';
import type { World } from '../world/world.ts';
import { carryOn } from './state/interaction.ts';

/**
 * The next message in a chat that its agent has paused makes another task, with what the
 * customer and the first agent were told.
 * Source: https://www.twilio.com/docs/flex/admin-guide/setup/conversations/leave-and-pause-for-conversations
 */
export function resumePausedChats(world: World): void {
  world.subscribers.push(({ type, conversation, onlyForWebhook }) => {
    if (type !== 'onMessageAdded' || onlyForWebhook !== undefined) return;
    for (const interaction of world.interactions.values()) {
      if (interaction.conversationSid !== conversation.sid || !interaction.isPaused) continue;
      const { attributes, workflowSid, taskChannelUniqueName, priority, timeout } =
        interaction.task;
      const task = newTask(world, {
        attributes,
        conversationSid: conversation.sid,
        interactionSid: interaction.sid,
        workflowSid,
        taskChannelUniqueName,
        priority,
        timeout,
      });
      carryOn(world, interaction, task);
    }
  });
}
