import type { Actor, Conversation } from '../../conversations/model.ts';
import { parseAttributes, withAttributes } from '../../conversations/state/attributes.ts';
import { changeState, updateConversation } from '../../conversations/state/conversation.ts';
import { findParticipant, removeParticipant } from '../../conversations/state/participant.ts';
import type { Task } from '../../taskrouter/model.ts';
import { isOngoing, setTaskStatus } from '../../taskrouter/state/task.ts';
import type { World } from '../../world/world.ts';
import type { Interaction } from '../model.ts';
import { announceParticipant, setChannelStatus } from './interaction.ts';

/** Ends the interaction and closes its conversation for good. The task is another matter. */
export function closeInteraction(world: World, interaction: Interaction, actor: Actor): void {
  setChannelStatus(world, interaction, 'closed');
  const conversation = world.conversations.get(interaction.conversationSid);
  if (conversation === undefined) return;
  const firesWebhooks = actor.firesWebhooks && world.announcesFlexClose;
  changeState(world, conversation, 'closed', 'API', { ...actor, firesWebhooks });
}

/** Ends the chat in a channel of Programmable Chat, unless it has ended or outlives its chats. */
export function endChannel(world: World, channel: Conversation, actor: Actor): void {
  const flexChannel = world.flexChannels.get(channel.sid);
  if (flexChannel?.longLived) {
    flexChannel.isRouted = false;
    return;
  }
  if (parseAttributes(channel.attributes)['status'] === 'INACTIVE') return;
  const attributes = withAttributes(channel.attributes, { status: 'INACTIVE' });
  updateConversation(world, channel, { attributes }, actor);
}

/** Wraps a task up: for an agent who has it; nobody else's task is cancelled. */
export function wrapTask(world: World, task: Task): void {
  if (isOngoing(task)) setTaskStatus(world, task, task.agentIdentity ? 'wrapping' : 'canceled');
}

export function completeTask(world: World, task: Task): void {
  if (task.assignmentStatus === 'wrapping') setTaskStatus(world, task, 'completed');
  else if (isOngoing(task)) {
    setTaskStatus(world, task, task.agentIdentity ? 'completed' : 'canceled');
  }
}

/** Takes the task's agent out of the conversation. */
export function removeAgent(
  world: World,
  conversation: Conversation,
  task: Task,
  actor: Actor,
): void {
  const agent = task.agentIdentity && findParticipant(conversation, task.agentIdentity);
  if (!agent) return;
  removeParticipant(world, conversation, agent, actor);
  const interaction = world.interactions.get(task.interactionSid ?? '');
  if (interaction) announceParticipant(world, interaction, 'onParticipantLeft', { agentOf: task });
}
