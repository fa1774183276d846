import type { Actor, Conversation } from '../../conversations/model.ts';
import { parseAttributes, withAttributes } from '../../conversations/state/attributes.ts';
import { createConversation, findConversation } from '../../conversations/state/conversation.ts';
import { addParticipant } from '../../conversations/state/participant.ts';
import { ensureUser } from '../../conversations/state/user.ts';
import { badRequest, conflict, TwilioError } from '../../rest/twilio-error.ts';
import type { Task } from '../../taskrouter/model.ts';
import { addTask, DEFAULT_TASK_TIMEOUT, newTask } from '../../taskrouter/state/task.ts';
import { findTaskChannel } from '../../taskrouter/state/task-channel.ts';
import type { World } from '../../world/world.ts';
import type { FlexChannel, FlexFlow } from '../model.ts';

export interface FlexChannelRequest {
  readonly flow: FlexFlow;
  readonly identity: string;
  readonly userName: string;
  readonly friendlyName: string;
  readonly target?: string | undefined;
  readonly uniqueName?: string | undefined;
  readonly preEngagementData?: unknown;
  readonly taskSid?: string | undefined;
  readonly taskAttributes?: Readonly<Record<string, unknown>> | undefined;
  readonly longLived?: boolean | undefined;
}

/** Flex's own back end; its API knows no webhook header. */
const FLEX: Actor = { source: 'API', firesWebhooks: false };

/**
 * Finds or creates the channel with the customer in it.
 * @throws TwilioError 45205 disabled flow, 45208 unique name taken, 20001.
 */
export function openFlexChannel(
  world: World,
  request: FlexChannelRequest,
): { readonly channel: FlexChannel; readonly isNew: boolean } {
  const { flow } = request;
  // What Twilio does is not documented; a flow that nobody enabled shall be noticed.
  if (!flow.enabled) throw new TwilioError(400, 45205, `Flex Flow ${flow.sid} is not enabled`);
  const active = findActive(world, request);
  if (active !== undefined) return { channel: active, isNew: false };

  const task = adoptedTask(world, request);
  const conversation = createChannel(world, request);
  const channel: FlexChannel = {
    sid: conversation.sid,
    flow,
    userSid: ensureUser(world, request.identity).sid,
    target: request.target,
    longLived: request.longLived ?? flow.longLived,
    taskAttributes: { name: contactOf(request), ...request.taskAttributes },
    taskSid: null,
    isRouted: false,
    createdAtMs: world.nowMs(),
  };
  world.flexChannels.set(channel.sid, channel);
  if (task !== undefined) linkTask(conversation, channel, task);
  else if (flow.integrationType === 'task' && !flow.integration.creationOnMessage) {
    addFlowTask(world, conversation, channel);
  }
  return { channel, isNew: true };
}

/** The task that a flow with the integration `task` makes. */
export function addFlowTask(world: World, conversation: Conversation, channel: FlexChannel): void {
  const { integration, channelType } = channel.flow;
  const taskChannel = findTaskChannel(world.taskChannels, integration.channel ?? 'default');
  const task = newTask(world, {
    attributes: { channelType, ...channel.taskAttributes },
    workflowSid: integration.workflowSid ?? '',
    taskChannelUniqueName: taskChannel?.uniqueName ?? 'default',
    priority: integration.priority ?? 0,
    timeout: integration.timeout ?? DEFAULT_TASK_TIMEOUT,
  });
  linkTask(conversation, channel, task);
  if (world.takeRoutingFault() === undefined) addTask(world, task);
}

/** Task and channel know each other; Flex tells nobody that it notes so. */
function linkTask(conversation: Conversation, channel: FlexChannel, task: Task): void {
  channel.taskSid = task.sid;
  task.conversationSid = conversation.sid;
  task.attributes = { ...task.attributes, channelSid: conversation.sid };
  conversation.attributes = withAttributes(conversation.attributes, { task_sid: task.sid });
}

export const isActive = ({ attributes }: Conversation): boolean =>
  parseAttributes(attributes)['status'] === 'ACTIVE';

function findActive(world: World, { flow, target }: FlexChannelRequest): FlexChannel | undefined {
  if (target === undefined) return undefined;
  return [...world.flexChannels.values()].find((channel) => {
    const conversation = world.conversations.get(channel.sid);
    const fits = channel.target === target && channel.flow.sid === flow.sid;
    return fits && conversation !== undefined && isActive(conversation);
  });
}

function adoptedTask(world: World, { flow, taskSid }: FlexChannelRequest): Task | undefined {
  if (taskSid === undefined) return undefined;
  if (flow.integrationType !== 'task') throw badRequest('TaskSid needs the integration task');
  const task = world.tasks.get(taskSid);
  if (task === undefined) throw badRequest(`TaskSid ${taskSid} is no task of the workspace`);
  return task;
}

function createChannel(world: World, request: FlexChannelRequest): Conversation {
  const { flow, identity, uniqueName, friendlyName, preEngagementData } = request;
  if (uniqueName !== undefined && findConversation(world, uniqueName) !== undefined) {
    throw conflict(45208, `A channel with the unique name ${uniqueName} exists already`);
  }
  const attributes = {
    status: 'ACTIVE',
    long_lived: request.longLived ?? flow.longLived,
    from: contactOf(request),
    channel_type: flow.channelType,
    ...(preEngagementData === undefined ? {} : { pre_engagement_data: preEngagementData }),
  };
  const change = { uniqueName, friendlyName, attributes: JSON.stringify(attributes) };
  const conversation = createConversation(world, change, FLEX);
  const user = ensureUser(world, identity);
  user.friendlyName ??= request.userName;
  addParticipant(world, conversation, { identity }, FLEX);
  return conversation;
}

const contactOf = ({ target, userName }: FlexChannelRequest): string => target ?? userName;
