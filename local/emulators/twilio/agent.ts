/** What an agent does in the Flex UI. */
import type { Conversation } from './state/conversation.ts';
import { closeInteraction, completeTask, removeAgent, wrapTask } from './state/end-of-chat.ts';
import type { Interaction } from './state/interaction.ts';
import { addMessage, type Media, type Message } from './state/message.ts';
import { addParticipant, findParticipant, updateParticipant } from './state/participant.ts';
import type { Task } from './state/task.ts';
import { ensureUser } from './state/user.ts';
import type { Actor, World } from './world.ts';

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
 * The agent takes the task and joins the conversation.
 * @param name display name; absent: Flex has none for this agent.
 */
export function acceptTask(world: World, task: Task, name: string | undefined): void {
  if (task.assignmentStatus !== 'pending') {
    throw new AgentError(409, `Task ${task.sid} is ${task.assignmentStatus}, not pending`);
  }
  const identity = agentIdentity(name ?? 'agent');
  addParticipant(world, conversationOf(world, task), { identity }, agentActor(identity));
  if (name !== undefined) ensureUser(world, identity).friendlyName = name;
  task.agentIdentity = identity;
  task.assignmentStatus = 'assigned';
  task.updatedAtMs = world.nowMs();
}

/** Flex shows text and media as messages of their own. */
export function postAgentMessage(
  world: World,
  task: Task,
  content: { readonly body: string } | { readonly media: Omit<Media, 'sid'> },
): Message {
  const { conversation, actor } = taken(world, task);
  const author = task.agentIdentity ?? '';
  const given =
    'media' in content
      ? { author, media: [{ sid: world.newSid('ME'), ...content.media }] }
      : { author, body: content.body };
  return addMessage(world, conversation, given, actor);
}

/** Moves the agent's read horizon. */
export function readUpTo(world: World, task: Task, index: number): void {
  const { conversation, actor } = taken(world, task);
  if (index >= conversation.nextIndex) throw new AgentError(400, `index: no message ${index} yet`);
  const agent = findParticipant(conversation, task.agentIdentity ?? '');
  if (agent === undefined) throw new AgentError(409, 'The agent is not in the conversation');
  updateParticipant(world, conversation, agent, { lastReadMessageIndex: index }, actor);
}

/** The agent leaves and the conversation stays open, without an agent. */
export function leaveTask(world: World, task: Task): void {
  const { conversation, interaction, actor } = taken(world, task);
  removeAgent(world, conversation, task, actor);
  interaction.channel.status = 'inactive';
  completeTask(world, task);
}

/** Ends the chat: the agent is taken out, the conversation closed, the task wrapped up and done. */
export function endChat(world: World, task: Task): void {
  const { conversation, interaction, actor } = taken(world, task, ['assigned', 'wrapping']);
  removeAgent(world, conversation, task, actor);
  closeInteraction(world, interaction, actor);
  wrapTask(world, task);
  completeTask(world, task);
}

/** @throws AgentError 404 when the conversation has been deleted. */
export function conversationOf(world: World, task: Task): Conversation {
  const conversation = world.conversations.get(task.conversationSid);
  if (conversation === undefined) throw new AgentError(404, 'The conversation has been deleted');
  return conversation;
}

/** What belongs to a task that an agent has. */
function taken(
  world: World,
  task: Task,
  statuses: readonly Task['assignmentStatus'][] = ['assigned'],
): { conversation: Conversation; interaction: Interaction; actor: Actor } {
  const interaction = world.interactions.get(task.interactionSid);
  if (!statuses.includes(task.assignmentStatus) || !task.agentIdentity || !interaction) {
    throw new AgentError(409, `Task ${task.sid} is ${task.assignmentStatus}, not accepted`);
  }
  const conversation = conversationOf(world, task);
  return { conversation, interaction, actor: agentActor(task.agentIdentity) };
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
