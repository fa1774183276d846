/** What an agent does in the Flex UI. */

import { sendContent } from '../content/send-content.ts';
import type { Actor, Conversation, Message } from '../conversations/model.ts';
import { changeState } from '../conversations/state/conversation.ts';
import { addMessage, deleteMessage, updateMessage } from '../conversations/state/message.ts';
import {
  addParticipant,
  findParticipant,
  updateParticipant,
} from '../conversations/state/participant.ts';
import { ensureUser } from '../conversations/state/user.ts';
import type { Interaction } from '../flex/model.ts';
import {
  closeInteraction,
  completeTask,
  endChannel,
  removeAgent,
  wrapTask,
} from '../flex/state/end-of-chat.ts';
import { announceParticipant, setChannelStatus } from '../flex/state/interaction.ts';
import type { Task } from '../taskrouter/model.ts';
import {
  addTask,
  isWaiting,
  newTask,
  ongoingTaskOf,
  setTaskStatus,
} from '../taskrouter/state/task.ts';
import { announceTask } from '../taskrouter/task-events.ts';
import type { World } from '../world/world.ts';
import { type AgentContent, agentMedia } from './agent-files.ts';

/** The agent cannot do that now, or not so. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly status: 400 | 404 | 409;

  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The agent takes the task and joins the conversation; also one who has left it and comes back.
 * @param name display name; absent: Flex has none for this agent.
 * @param publicIdentity what the agent chose to be called by customers.
 */
export function acceptTask(
  world: World,
  task: Task,
  name: string | undefined,
  publicIdentity?: string,
): void {
  if (!isWaiting(task) && !task.hasLeft) {
    throw new AgentError(409, `Task ${task.sid} is ${task.assignmentStatus}, not pending`);
  }
  const conversation = conversationOf(world, task);
  if (task.hasLeft && ongoingTaskOf(world, conversation.sid) !== undefined) {
    throw new AgentError(409, 'Another task carries the conversation by now');
  }
  const identity = agentIdentity(name ?? 'agent');
  addParticipant(world, conversation, { identity }, agentActor(identity));
  const user = ensureUser(world, identity);
  if (name !== undefined) user.friendlyName = name;
  user.workerAttributes = JSON.stringify({
    contact_uri: `client:${identity}`,
    ...(name !== undefined && { full_name: name }),
    ...(publicIdentity !== undefined && { public_identity: publicIdentity }),
  });
  task.agentIdentity = identity;
  task.hasLeft = false;
  setTaskStatus(world, task, 'assigned');
  const interaction = interactionOf(world, task);
  if (interaction === undefined) return;
  setChannelStatus(world, interaction, 'active');
  announceParticipant(world, interaction, 'onParticipantJoined', { agentOf: task });
}

/** Another agent takes over: with a task of their own, as transfers in Flex. */
export function transferTask(world: World, task: Task, name: string): Task {
  const { conversation, interaction, actor } = taken(world, task);
  const { attributes, conversationSid, interactionSid, workflowSid } = task;
  const { taskChannelUniqueName, priority, timeout } = task;
  const next = newTask(world, {
    attributes,
    ...(conversationSid !== undefined && { conversationSid }),
    ...(interactionSid !== undefined && { interactionSid }),
    workflowSid,
    taskChannelUniqueName,
    priority,
    timeout,
  });
  addTask(world, next);
  acceptTask(world, next, name);
  if (interaction) interaction.task = next;
  removeAgent(world, conversation, task, actor);
  completeTask(world, task);
  return next;
}

/**
 * Nobody took the task in time: TaskRouter cancels it, and the conversation stays open. What
 * becomes of the interaction's channel is not documented; Twilio says to invite somebody else.
 * Source: https://www.twilio.com/docs/flex/developer/conversations/best-practices
 */
export function timeOutTask(world: World, task: Task): void {
  if (!isWaiting(task)) {
    throw new AgentError(409, `Task ${task.sid} is ${task.assignmentStatus}, not pending`);
  }
  announceTask(world, 'workflow.timeout', task);
  cancelTask(world, task, 'Task canceled on Workflow timeout');
}

/** By whoever may: a task that nobody has is canceled, and the conversation stays open. */
export function cancelTask(world: World, task: Task, reason: string): void {
  if (!isWaiting(task)) {
    throw new AgentError(409, `Task ${task.sid} is ${task.assignmentStatus}, not pending`);
  }
  task.reason = reason;
  setTaskStatus(world, task, 'canceled');
}

/** The conversation's timer closes it, whatever its task is at. */
export function expireConversation(world: World, task: Task): void {
  const timer: Actor = { source: 'API', firesWebhooks: true };
  changeState(world, conversationOf(world, task), 'closed', 'TIMER', timer);
}

export function postAgentMessage(world: World, task: Task, content: AgentContent): Message {
  const { conversation, actor } = taken(world, task);
  const author = task.agentIdentity ?? '';
  const { contentSid, contentVariables } = content;
  const given = { author, body: content.body, media: agentMedia(world, content) };
  const rich = contentSid && { content: sendContent(world, contentSid, contentVariables) };
  return addMessage(world, conversation, { ...given, ...rich }, actor);
}

/** Flex's own page has no control for it: a plugin or another program of the agent's does this. */
export function editAgentMessage(world: World, task: Task, sid: string, body: string): Message {
  const { conversation, message, actor } = ownMessage(world, task, sid);
  updateMessage(world, conversation, message, { body }, actor);
  return message;
}

export function deleteAgentMessage(world: World, task: Task, sid: string): void {
  const { conversation, message, actor } = ownMessage(world, task, sid);
  deleteMessage(world, conversation, message, actor);
}

/** The role `agent` may change and delete what the agent has written, and nothing else. */
function ownMessage(world: World, task: Task, sid: string) {
  const chat = taken(world, task);
  const message = chat.conversation.messages.find((one) => one.sid === sid);
  if (message === undefined) throw new AgentError(404, `The chat has no message ${sid}`);
  const agent = findParticipant(chat.conversation, task.agentIdentity ?? '');
  const isOwn = message.author === task.agentIdentity || message.author === agent?.sid;
  if (!isOwn) throw new AgentError(409, 'An agent changes messages of their own only');
  return { ...chat, message };
}

/** Moves the agent's read horizon. */
export function readUpTo(world: World, task: Task, index: number): void {
  const { conversation, actor } = taken(world, task);
  if (index >= conversation.nextIndex) throw new AgentError(400, `index: no message ${index} yet`);
  const agent = findParticipant(conversation, task.agentIdentity ?? '');
  if (agent === undefined) throw new AgentError(409, 'The agent is not in the conversation');
  updateParticipant(world, conversation, agent, { lastReadMessageIndex: index }, actor);
}

/**
 * The agent is taken out, by a request or a plugin: the task is completed, and the conversation
 * stays active without anybody. No message makes another task.
 * Source: https://www.twilio.com/docs/flex/developer/conversations/park-an-interaction
 */
export function parkTask(world: World, task: Task): void {
  const { conversation, actor } = taken(world, task);
  removeAgent(world, conversation, task, actor);
  completeTask(world, task);
  task.hasLeft = true;
}

/**
 * The agent's own button "Leave": the chat waits, and the customer's next message makes another
 * task for whoever is free. Programmable Chat has no such button, only the agent who is gone.
 * Source: https://www.twilio.com/docs/flex/admin-guide/setup/conversations/leave-and-pause-for-conversations
 */
export function leaveChat(world: World, task: Task): void {
  const { conversation, interaction, actor } = taken(world, task);
  if (interaction === undefined) {
    parkTask(world, task);
    return;
  }
  removeAgent(world, conversation, task, actor);
  wrapTask(world, task);
  interaction.isPaused = true;
  setChannelStatus(world, interaction, 'inactive');
  changeState(world, conversation, 'inactive', 'API', actor);
  completeTask(world, task);
}

/** The agent ends the chat, and has still to complete the task. */
export function wrapUpChat(world: World, task: Task): void {
  const chat = taken(world, task);
  leaveForGood(world, chat, task);
  const { interaction, actor } = chat;
  const closesNow = world.unconfirmed().conversationCloses !== 'completion';
  if (interaction && closesNow) closeInteraction(world, interaction, actor);
  wrapTask(world, task);
}

/**
 * Ends the chat: the conversation is closed or the channel inactive, the agent taken out, the
 * task wrapped up and done. An agent who has left can do so too.
 */
export function endChat(world: World, task: Task): void {
  const chat = taken(world, task, ['assigned', 'wrapping']);
  leaveForGood(world, chat, task);
  const { interaction, actor } = chat;
  const closesFirst = world.unconfirmed().conversationCloses !== 'completion';
  if (interaction && closesFirst) closeInteraction(world, interaction, actor);
  wrapTask(world, task);
  completeTask(world, task);
  if (interaction) closeInteraction(world, interaction, actor);
  task.hasLeft = false;
}

function leaveForGood(
  world: World,
  { conversation, interaction, actor }: TakenChat,
  task: Task,
): void {
  if (interaction === undefined) endChannel(world, conversation, actor);
  removeAgent(world, conversation, task, actor);
}

/** @throws AgentError 404 when the conversation has been deleted, or there never was one. */
export function conversationOf(world: World, task: Task): Conversation {
  const conversation = world.conversations.get(task.conversationSid ?? '');
  if (conversation === undefined) throw new AgentError(404, 'There is no such conversation');
  return conversation;
}

const interactionOf = (world: World, { interactionSid }: Task): Interaction | undefined =>
  world.interactions.get(interactionSid ?? '');

/** What belongs to a task that an agent has. */
interface TakenChat {
  readonly conversation: Conversation;
  readonly interaction: Interaction | undefined;
  readonly actor: Actor;
}

function taken(
  world: World,
  task: Task,
  statuses: readonly Task['assignmentStatus'][] = ['assigned'],
): TakenChat {
  const endsLeftChat = task.hasLeft && statuses.includes('wrapping');
  if ((!statuses.includes(task.assignmentStatus) && !endsLeftChat) || !task.agentIdentity) {
    throw new AgentError(409, `Task ${task.sid} is ${task.assignmentStatus}, not accepted`);
  }
  const interaction = interactionOf(world, task);
  return {
    conversation: conversationOf(world, task),
    interaction,
    actor: agentActor(task.agentIdentity),
  };
}

const agentActor = (identity: string): Actor => ({
  source: 'SDK',
  clientIdentity: identity,
  firesWebhooks: true,
});

/** As Flex encodes worker names: `ada@example.com` becomes `ada_40example_2Ecom`. */
function agentIdentity(name: string): string {
  const address = `${name.trim().toLowerCase().replace(/\s+/g, '.')}@example.com`;
  return [...Buffer.from(address)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[a-z0-9]/.test(character)) return character;
      return `_${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
