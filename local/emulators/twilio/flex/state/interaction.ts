import type { Conversation } from '../../conversations/model.ts';
import { conflict, TwilioError } from '../../rest/twilio-error.ts';
import type { Task } from '../../taskrouter/model.ts';
import { addTask, isOngoing, promiseTask } from '../../taskrouter/state/task.ts';
import { fitsTask } from '../../taskrouter/state/task-attributes.ts';
import type { World } from '../../world/world.ts';
import type { ChannelError, Interaction, InteractionRequest } from '../model.ts';
import { interactionTask, TOO_LARGE } from './interaction-task.ts';

const NOT_MADE: ChannelError = { code: 45363, message: 'The task could not be made' };

/**
 * Accepts an interaction; its task appears a little later, as with Flex.
 * @returns what Flex drops, too, unless it says so: a second interaction for a conversation.
 * @throws TwilioError 45354 closed conversation, 45355 nobody in it, 45353 it has one already.
 */
export function createInteraction(world: World, request: InteractionRequest): Interaction {
  assertRoutable(world, request.conversation);
  const isDropped = isCarried(world, request.conversation.sid);
  const sids = { interaction: world.newSid('KD'), channel: world.newSid('UO') };
  const interaction: Interaction = {
    sid: sids.interaction,
    channel: { sid: sids.channel, type: request.channelType, status: 'setup' },
    conversationSid: request.conversation.sid,
    task: interactionTask(world, request, sids),
    webhookTtid: request.webhookTtid,
    participantSids: new Map(),
    createdAtMs: world.nowMs(),
  };
  if (isDropped) return interaction;
  world.interactions.set(interaction.sid, interaction);
  announceInteraction(world, interaction, 'onInteractionCreated', {
    InstanceSid: world.account.flexInstanceSid,
  });
  const fault = fitsTask(interaction.task.attributes)
    ? world.takeRoutingFault()
    : { isTold: true, error: TOO_LARGE };
  if (fault !== undefined) interaction.fault = fault;
  world.scheduler.after(world.taskDelayMs, () => setInteractionUp(world, interaction));
  return interaction;
}

/**
 * Invites an agent to an interaction that is under way: with a task of its own, which takes
 * nothing over from the one before.
 * Source: https://www.twilio.com/docs/flex/developer/conversations/park-an-interaction
 * @throws TwilioError 45359 when the channel is not to be joined any more.
 */
export function invite(
  world: World,
  interaction: Interaction,
  request: Omit<InteractionRequest, 'channelType' | 'initiatedBy' | 'webhookTtid'>,
): Task {
  const { channel, sid } = interaction;
  if (channel.status === 'closed' || channel.status === 'failed') {
    throw new TwilioError(400, 45359, `The channel ${channel.sid} is ${channel.status}`);
  }
  const initiatedBy = String(interaction.task.attributes['initiatedBy']);
  const task = interactionTask(
    world,
    { ...request, channelType: channel.type, initiatedBy },
    { interaction: sid, channel: channel.sid },
  );
  carryOn(world, interaction, task);
  return task;
}

/** Another task for an interaction that goes on; it takes its time. */
export function carryOn(world: World, interaction: Interaction, task: Task): void {
  interaction.task = task;
  interaction.isPaused = false;
  setChannelStatus(world, interaction, 'active');
  promiseTask(world, task);
}

/** The task appears, unless the interaction has been ended before. */
export function setInteractionUp(world: World, interaction: Interaction): void {
  if (interaction.channel.status !== 'setup') return;
  if (interaction.fault !== undefined) {
    if (interaction.fault.isTold) failInteraction(world, interaction);
    return;
  }
  addTask(world, interaction.task);
  announceInteraction(world, interaction, 'onChannelCreated', channelFields(world, interaction));
  setChannelStatus(world, interaction, 'active');
  const conversation = world.conversations.get(interaction.conversationSid);
  const customer = conversation?.participants[0];
  if (customer) announceParticipant(world, interaction, 'onParticipantJoined', { customer });
}

function failInteraction(world: World, interaction: Interaction): void {
  const error = interaction.fault?.error ?? NOT_MADE;
  interaction.channel.error = error;
  interaction.channel.status = 'failed';
  announceInteraction(world, interaction, 'onChannelCreateFailed', {
    ...channelFields(world, interaction),
    ErrorCode: String(error.code),
    ErrorMessage: error.message,
  });
}

/** Changes nothing when the status is the same. */
export function setChannelStatus(
  world: World,
  interaction: Interaction,
  status: Interaction['channel']['status'],
): void {
  if (interaction.channel.status === status) return;
  interaction.channel.status = status;
  announceInteraction(world, interaction, 'onChannelStatusUpdated', {
    ...channelFields(world, interaction),
    ChannelStatus: status,
  });
}

/** Tells of the customer, or of the agent of a task. */
export function announceParticipant(
  world: World,
  interaction: Interaction,
  type: 'onParticipantJoined' | 'onParticipantLeft',
  who: { readonly customer: { readonly identity: string } } | { readonly agentOf: Task },
): void {
  const isAgent = 'agentOf' in who;
  const identity = (isAgent ? who.agentOf.agentIdentity : who.customer.identity) ?? '';
  const sid = interaction.participantSids.get(identity) ?? world.newSid('UT');
  interaction.participantSids.set(identity, sid);
  announceInteraction(world, interaction, type, {
    ChannelSid: interaction.channel.sid,
    ParticipantSid: sid,
    ParticipantType: isAgent ? 'agent' : 'customer',
    TaskSid: isAgent ? who.agentOf.sid : undefined,
  });
}

function announceInteraction(
  world: World,
  interaction: Interaction,
  type: string,
  fields: Readonly<Record<string, string | undefined>>,
): void {
  world.file?.touch();
  for (const subscriber of world.interactionSubscribers) subscriber({ type, interaction, fields });
}

const channelFields = ({ account }: World, { channel }: Interaction) => ({
  InstanceSid: account.flexInstanceSid,
  ChannelSid: channel.sid,
});

/** Whether Flex still carries the conversation for an agent. */
export const isCarried = (world: World, conversationSid: string): boolean =>
  [...world.interactions.values()].some(
    ({ conversationSid: sid, channel: { status }, task }) =>
      sid === conversationSid &&
      status !== 'failed' &&
      (status === 'setup' || status === 'active' || isOngoing(task)),
  );

/** How a second interaction is answered is `unconfirmed`: it is documented to be dropped, with a warning. */
function assertRoutable(world: World, { sid, state, participants }: Conversation): void {
  if (state === 'closed') {
    throw new TwilioError(400, 45354, `Conversation ${sid} is closed`);
  }
  if (participants.length === 0) {
    throw new TwilioError(400, 45355, `Conversation ${sid} has no participants`);
  }
  if (isCarried(world, sid) && world.unconfirmed().secondInteraction !== 'nothing') {
    throw conflict(45353, `Conversation ${sid} has an ongoing interaction; this one is dropped`);
  }
}
