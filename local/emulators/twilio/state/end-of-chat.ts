import type { Actor, World } from '../world.ts';
import { type Conversation, changeState } from './conversation.ts';
import type { Interaction } from './interaction.ts';
import { findParticipant, removeParticipant } from './participant.ts';
import { isOngoing, type Task } from './task.ts';

/** Ends the interaction and closes its conversation for good. The task is another matter. */
export function closeInteraction(world: World, interaction: Interaction, actor: Actor): void {
  interaction.channel.status = 'closed';
  const conversation = world.conversations.get(interaction.conversationSid);
  if (conversation === undefined) return;
  const firesWebhooks = actor.firesWebhooks && world.announcesFlexClose;
  changeState(world, conversation, 'closed', 'API', { ...actor, firesWebhooks });
}

/** Wraps a task up: for an agent who has it; nobody else's task is cancelled. */
export function wrapTask(world: World, task: Task): void {
  if (isOngoing(task)) setStatus(world, task, task.agentIdentity ? 'wrapping' : 'canceled');
}

export function completeTask(world: World, task: Task): void {
  if (task.assignmentStatus === 'wrapping') setStatus(world, task, 'completed');
  else if (isOngoing(task)) setStatus(world, task, task.agentIdentity ? 'completed' : 'canceled');
}

/** Takes the task's agent out of the conversation. */
export function removeAgent(
  world: World,
  conversation: Conversation,
  task: Task,
  actor: Actor,
): void {
  const agent = task.agentIdentity && findParticipant(conversation, task.agentIdentity);
  if (agent) removeParticipant(world, conversation, agent, actor);
}

function setStatus(world: World, task: Task, status: Task['assignmentStatus']): void {
  task.assignmentStatus = status;
  task.updatedAtMs = world.nowMs();
}
