import { newTask } from '../taskrouter/state/task.ts';
import type { World } from '../world/world.ts';
import { carryOn } from './state/interaction.ts';

/**
 * The next message in a chat that its agent has left makes another task, for any agent, with what
 * the first task told of the customer and an invite of its own.
 * Source: https://www.twilio.com/docs/flex/admin-guide/setup/conversations/leave-and-pause-for-conversations
 */
export function resumeLeftChats(world: World): void {
  world.subscribers.push(({ type, conversation, onlyForWebhook }) => {
    if (type !== 'onMessageAdded' || onlyForWebhook !== undefined) return;
    for (const interaction of world.interactions.values()) {
      if (interaction.conversationSid !== conversation.sid || !interaction.isPaused) continue;
      const { attributes, workflowSid, taskChannelUniqueName, priority, timeout } =
        interaction.task;
      const task = newTask(world, {
        attributes: { ...attributes, flexChannelInviteSid: world.newSid('KG') },
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
