import type { Call, Operation } from '../call.ts';
import { FLEX_HOST } from '../endpoints/flex.ts';
import { pageOf } from '../paging.ts';
import { closeInteraction, completeTask, removeAgent, wrapTask } from '../state/end-of-chat.ts';
import { createInteraction, type Interaction, setChannelStatus } from '../state/interaction.ts';
import { badRequest } from '../twilio-error.ts';
import type { Actor, World } from '../world.ts';
import { interactionRequest } from './interaction-request.ts';
import { found } from './scope.ts';
import { ageSeconds } from './tasks.ts';

/** Flex's own back end, which acts on the conversation after a REST request to Flex. */
const FLEX: Actor = { source: 'API', firesWebhooks: true };

export function interactionOperations(world: World) {
  const channelOf = (call: Call): Interaction => {
    const interaction = found(world.interactions.get(call.path['InteractionSid'] ?? ''), call);
    return found(interaction.channel.sid === call.path['Sid'] ? interaction : undefined, call);
  };
  return {
    createInteraction: (call) =>
      toJson(world, createInteraction(world, interactionRequest(world, call))),
    fetchInteraction: (call) =>
      toJson(world, found(world.interactions.get(call.path['Sid'] ?? ''), call)),
    listInteractionChannels: (call) => {
      const interaction = found(world.interactions.get(call.path['InteractionSid'] ?? ''), call);
      return pageOf(call, 'channels', [interaction], ({ channel }) => channel.sid, channelJson);
    },
    fetchInteractionChannel: (call) => channelJson(channelOf(call)),
    updateInteractionChannel: (call) => {
      const interaction = channelOf(call);
      updateChannel(world, interaction, call);
      return channelJson(interaction);
    },
  } satisfies Record<string, Operation>;
}

/**
 * `closed` ends the chat; the tasks are completed if the routing says so and else left to be
 * wrapped up. `inactive` parks it: the task is completed, the conversation stays open.
 */
function updateChannel(world: World, interaction: Interaction, call: Call): void {
  const parks = call.parameters.text('Status') === 'inactive';
  const completes = routingIsClosed(call.parameters.json('Routing'));
  if (parks && !completes) throw badRequest('Status inactive needs Routing', 45367);
  const { task, channel } = interaction;
  if (channel.status === 'closed') throw badRequest('The channel is closed', 45359);

  const conversation = world.conversations.get(interaction.conversationSid);
  if (completes && conversation) removeAgent(world, conversation, task, FLEX);
  if (parks) setChannelStatus(world, interaction, 'inactive');
  else closeInteraction(world, interaction, FLEX);
  if (completes) completeTask(world, task);
  else wrapTask(world, task);
}

function routingIsClosed(routing: unknown): boolean {
  if (routing === undefined) return false;
  if (JSON.stringify(routing) === '{"status":"closed"}') return true;
  throw badRequest('Invalid parameter Routing: expected {"status":"closed"}', 45366);
}

const urlOf = ({ sid }: Interaction) => `https://${FLEX_HOST}/v1/Interactions/${sid}`;

function toJson(world: World, interaction: Interaction) {
  const { sid, channel } = interaction;
  const url = urlOf(interaction);
  return {
    sid,
    channel: { type: channel.type, sid: channel.sid },
    routing: { reservation: null, properties: routingJson(world, interaction) },
    interaction_context_sid: null,
    webhook_ttid: interaction.webhookTtid ?? null,
    url,
    links: { channels: `${url}/Channels` },
  };
}

function routingJson(world: World, { task }: Interaction) {
  return {
    sid: task.sid,
    assignment_status: task.assignmentStatus,
    workspace_sid: world.account.workspaceSid,
    workflow_sid: task.workflowSid,
    task_channel_unique_name: task.taskChannelUniqueName,
    priority: task.priority,
    timeout: task.timeout,
    age: ageSeconds(world, task),
    reason: task.reason,
    date_created: Math.floor(task.createdAtMs / 1000),
    attributes: JSON.stringify(task.attributes),
  };
}

function channelJson(interaction: Interaction) {
  const { sid, type, status } = interaction.channel;
  const url = `${urlOf(interaction)}/Channels/${sid}`;
  return {
    sid,
    interaction_sid: interaction.sid,
    type,
    status,
    error_code: null,
    error_message: null,
    url,
    links: {
      participants: `${url}/Participants`,
      invites: `${url}/Invites`,
      transfers: `${url}/Transfers`,
    },
  };
}
