import type { Actor } from '../../conversations/model.ts';
import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { badRequest } from '../../rest/twilio-error.ts';
import type { Task } from '../../taskrouter/model.ts';
import { ageSeconds } from '../../taskrouter/operations/tasks.ts';
import { isOngoing } from '../../taskrouter/state/task.ts';
import type { World } from '../../world/world.ts';
import { FLEX_HOST } from '../endpoints.ts';
import type { Interaction } from '../model.ts';
import { closeInteraction, completeTask, removeAgent, wrapTask } from '../state/end-of-chat.ts';
import { createInteraction, invite, setChannelStatus } from '../state/interaction.ts';
import { interactionRequest, inviteRouting } from './interaction-request.ts';

/** Flex's own back end, which acts on the conversation after a REST request to Flex. */
const FLEX: Actor = { source: 'API', firesWebhooks: true };

export function interactionOperations(world: World) {
  const channelOf = (call: Call): Interaction => {
    const interaction = found(world.interactions.get(call.path['InteractionSid'] ?? ''), call);
    const wanted = call.path['ChannelSid'] ?? call.path['Sid'];
    return found(interaction.channel.sid === wanted ? interaction : undefined, call);
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
    listInteractionParticipants: (call) => {
      const interaction = channelOf(call);
      const listed = [...interaction.participantSids];
      const render = ([identity, sid]: [string, string]) =>
        participantJson(world, interaction, identity, sid);
      return pageOf(call, 'participants', listed, ([, sid]) => sid, render);
    },
    updateInteractionParticipant: (call) => {
      const interaction = channelOf(call);
      const wanted = call.path['Sid'];
      const [identity, sid] = found(
        [...interaction.participantSids].find(([, each]) => each === wanted),
        call,
      );
      endParticipant(world, interaction, identity, call);
      return participantJson(world, interaction, identity, sid);
    },
    createInteractionInvite: (call) => {
      const interaction = channelOf(call);
      const conversation = found(world.conversations.get(interaction.conversationSid), call);
      const request = { ...inviteRouting(world, call), conversation };
      return inviteJson(world, interaction, invite(world, interaction, request));
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

/** `closed`: the agent's task is completed; `wrapup`: it is left to be wrapped up. The chat stays open. */
function endParticipant(
  world: World,
  interaction: Interaction,
  identity: string,
  call: Call,
): void {
  const task = taskOfAgent(world, interaction, identity);
  const conversation = world.conversations.get(interaction.conversationSid);
  if (task === undefined || conversation === undefined) {
    throw badRequest('The participant has no task that could be ended');
  }
  removeAgent(world, conversation, task, FLEX);
  if (call.parameters.text('Status') === 'closed') completeTask(world, task);
  else wrapTask(world, task);
}

const taskOfAgent = (world: World, { sid }: Interaction, identity: string): Task | undefined =>
  [...world.tasks.values()].find(
    (task) => task.interactionSid === sid && task.agentIdentity === identity && isOngoing(task),
  );

/** The Flex UI sends a type as well, and `wrapup` where nothing is to be completed. */
function routingIsClosed(routing: unknown): boolean {
  if (routing === undefined) return false;
  const { status, type: _, ...others } = Object(routing) as Record<string, unknown>;
  const isKnown = status === 'closed' || status === 'wrapup';
  if (isKnown && Object.keys(others).length === 0) return status === 'closed';
  throw badRequest('Invalid parameter Routing: expected {"status":"closed"}', 45366);
}

const urlOf = ({ sid }: Interaction) => `https://${FLEX_HOST}/v1/Interactions/${sid}`;

function toJson(world: World, interaction: Interaction) {
  const { sid, channel } = interaction;
  const url = urlOf(interaction);
  return {
    sid,
    channel: { type: channel.type, sid: channel.sid },
    routing: { reservation: null, properties: routingJson(world, interaction.task) },
    interaction_context_sid: null,
    webhook_ttid: interaction.webhookTtid ?? null,
    url,
    links: { channels: `${url}/Channels` },
  };
}

function routingJson(world: World, task: Task) {
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

function inviteJson(world: World, interaction: Interaction, task: Task) {
  const sid = task.attributes['flexChannelInviteSid'];
  return {
    sid,
    interaction_sid: interaction.sid,
    channel_sid: interaction.channel.sid,
    routing: { reservation: null, properties: routingJson(world, task) },
    url: `${urlOf(interaction)}/Channels/${interaction.channel.sid}/Invites/${sid}`,
  };
}

function participantJson(world: World, interaction: Interaction, identity: string, sid: string) {
  const task = taskOfAgent(world, interaction, identity);
  const isCustomer =
    identity === world.conversations.get(interaction.conversationSid)?.participants[0]?.identity;
  return {
    sid,
    interaction_sid: interaction.sid,
    channel_sid: interaction.channel.sid,
    type: isCustomer ? 'customer' : 'agent',
    routing_properties: task === undefined ? null : { task_sid: task.sid },
    url: `${urlOf(interaction)}/Channels/${interaction.channel.sid}/Participants/${sid}`,
  };
}

function channelJson(interaction: Interaction) {
  const { sid, type, status, error } = interaction.channel;
  const url = `${urlOf(interaction)}/Channels/${sid}`;
  return {
    sid,
    interaction_sid: interaction.sid,
    type,
    status,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    url,
    links: {
      participants: `${url}/Participants`,
      invites: `${url}/Invites`,
      transfers: `${url}/Transfers`,
    },
  };
}
