import type { FlexChannels, Service } from '#core/flex';
import type { Customer } from '#core/identity';
import type { Channel } from '#core/session';
import { taskAttributes } from '../flex/customer-attributes.ts';
import { findTasks, isOngoing, readTask, type Task } from '../flex/tasks.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import type { ConversationsConfig } from './config.ts';
import {
  type InteractionSids,
  interactionOf,
  inviteAgent,
  type NewTask,
  postInteraction,
  readChannelStatus,
} from './interactions.ts';
import { findConversation } from './open-conversation.ts';

/** Who serves a conversation, and how it is routed again. */
export function createConversationServing(
  rest: TwilioRest,
  config: ConversationsConfig,
): Pick<FlexChannels, 'awaitsTask' | 'taskGoesOn' | 'service' | 'rerouteChannel'> {
  const { workspaceSid, routing } = config;
  return {
    awaitsTask: routing.type === 'task',

    taskGoesOn: async (taskSid) => isOngoing(await readTask(rest, workspaceSid, taskSid)),

    async service(channel) {
      const [conversation, known] = await Promise.all([
        findConversation(rest, config, channel.sid),
        readTask(rest, workspaceSid, channel.taskSid),
      ]);
      if (conversation === undefined) return { kind: 'gone' };
      if (conversation.state === 'closed') return { kind: 'ended' };
      if (isOngoing(known)) return { kind: 'task', taskSid: known.sid };
      const tasks = await findTasks(rest, workspaceSid, 'conversationSid', channel.sid);
      const ongoing = tasks.find(isOngoing);
      if (ongoing !== undefined) return { kind: 'task', taskSid: ongoing.sid };
      const all = [...(known ? [known] : []), ...tasks];
      const status = await statusOf(rest, interactionSidsOf(channel, all));
      return serviceWithoutTask(status, {
        isInactive: conversation.state === 'inactive',
        isWrappingUp: all.some((task) => task.status === 'wrapping'),
      });
    },

    async rerouteChannel(channel, _chat, profile) {
      const former = await readTask(rest, workspaceSid, channel.taskSid);
      const task = nextTask(config, channel, profile, former);
      const sids = interactionSidsOf(channel, former ? [former] : []);
      const invited = sids && (await inviteAgent(rest, config, sids, task));
      const made = invited ?? (await postInteraction(rest, config, channel.sid, task));
      const { taskSid: _, ...lasting } = channel;
      return { ...lasting, ...made };
    },
  };
}

/** What Flex noted in a task comes first: the channel may hold those of an interaction that it dropped. */
function interactionSidsOf(
  { interactionSid, interactionChannelSid }: Channel,
  tasks: readonly Task[],
): InteractionSids | undefined {
  const noted = tasks.map(interactionOf).find((sids) => sids !== undefined);
  if (noted !== undefined) return noted;
  if (interactionSid === undefined || interactionChannelSid === undefined) return undefined;
  return { interactionSid, interactionChannelSid };
}

const statusOf = async (
  rest: TwilioRest,
  sids: InteractionSids | undefined,
): Promise<string | undefined> => sids && readChannelStatus(rest, sids);

/**
 * Who serves a conversation that no agent has, or is to get. Both an agent who chose Leave and Pause and
 * a timer make it `inactive`. Whether the interaction's channel shows which of them it was is not
 * documented. The customer's next message shows it: after a pause Flex makes another task, after a
 * timer none.
 *
 * Nor is it documented whether Flex closes the conversation when an agent ends the chat, or once the
 * agent has wrapped up. Until then a closed interaction is the end. Without that nothing is decided:
 * an ended chat is not to be given to another agent, and the end of the wrap-up is a signal again.
 */
function serviceWithoutTask(
  status: string | undefined,
  { isInactive, isWrappingUp }: { readonly isInactive: boolean; readonly isWrappingUp: boolean },
): Service {
  if (isWrappingUp && status === 'closed') return { kind: 'ended' };
  if ((isInactive || isWrappingUp) && status !== 'failed') return { kind: 'paused' };
  switch (status) {
    case 'inactive':
    case 'pause':
      return { kind: 'paused' };
    case 'failed':
      return { kind: 'failed' };
    default:
      return { kind: 'none' };
  }
}

/** An invite copies nothing from the former task: all that is to last is given again. */
function nextTask(
  { routing }: ConversationsConfig,
  { sid }: Channel,
  profile: Customer,
  former: Task | undefined,
): NewTask {
  const configured = routing.type === 'external' ? undefined : routing;
  return {
    workflowSid: configured?.workflowSid ?? former?.workflowSid,
    taskChannel: configured?.taskChannel ?? former?.taskChannel,
    attributes: former === undefined ? taskAttributes(sid, profile) : attributesOf(former),
  };
}

/** Flex adds these to each task by itself. */
const FLEX_OWN = new Set([
  'conversationSid',
  'flexInteractionSid',
  'flexInteractionChannelSid',
  'flexChannelInviteSid',
  'customerAddress',
  'direction',
  'initiatedBy',
  'conversations',
]);

const attributesOf = ({ attributes }: Task): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).filter(([key]) => !FLEX_OWN.has(key)));
