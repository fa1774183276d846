/** Interactions make a conversation an agent's task; closing their channel ends task and conversation. */
import * as v from 'valibot';
import { ChatError, hasCode } from '#core/errors';
import type { ChannelSid } from '#core/ids';
import type { Channel } from '#core/session';
import { findTasks, isOngoing, type Task } from '../flex/tasks.ts';
import { FLEX_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { isAlreadyThere } from '../rest/twilio-error.ts';
import { below, path, type TwilioPath } from '../rest/twilio-path.ts';
import type { ConversationsConfig } from './config.ts';

/** The SIDs under which an interaction's channel is closed. */
export interface InteractionSids {
  readonly interactionSid: string;
  readonly interactionChannelSid: string;
}

/** An interaction, and its task where that is known. */
type Interaction = InteractionSids & Pick<Channel, 'taskSid'>;

/** How a task is to be made. */
export interface NewTask {
  /** Without it Flex takes the workspace's only one. */
  readonly workflowSid?: string | undefined;
  readonly taskChannel?: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Holds the SID of the task. */
const RoutingSchema = v.nullish(
  v.object({ properties: v.nullish(v.object({ sid: v.nullish(v.string()) })) }),
);

/** Of an interaction that Flex drops, an answer of any shape may tell. */
const InteractionSchema = v.fallback(
  v.optional(
    v.object({
      sid: v.string(),
      channel: v.object({ sid: v.string() }),
      routing: RoutingSchema,
    }),
  ),
  undefined,
);

const InviteSchema = v.object({ routing: RoutingSchema });

const ChannelSchema = v.object({ status: v.string() });

/**
 * Creates the interaction, at most one per conversation: Flex drops a second one. Whether it then
 * answers with an error, or with 200 and an interaction that comes to nothing, is not documented.
 * @returns undefined when there is one already and its task is not to be found (yet).
 */
export async function createInteraction(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: ChannelSid,
  task: NewTask,
): Promise<Interaction | undefined> {
  const find = () => findInteraction(rest, config.workspaceSid, conversation);
  try {
    return (await postInteraction(rest, config, conversation, task)) ?? (await find());
  } catch (error) {
    if (!isAlreadyThere(error, 'interactionExists')) throw error;
    return find();
  }
}

/**
 * Whether the webhook of one `ttid` may follow many interactions is not documented, nor whether task
 * attributes that Flex makes too long are refused here or later. So a refusal is answered by a request
 * without the one and with few of the others: a chat with less about it is worth more than none.
 *
 * @returns undefined when the answer tells of no interaction.
 * @throws ChatError `UPSTREAM_REFUSED` when the conversation has one that goes on.
 */
export async function postInteraction(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: ChannelSid,
  task: NewTask,
): Promise<Interaction | undefined> {
  try {
    return await requestInteraction(rest, config, conversation, task);
  } catch (error) {
    const isOther =
      isAlreadyThere(error, 'interactionExists') || !hasCode(error, 'UPSTREAM_REFUSED');
    if (isOther) throw error;
    const { interactionWebhookTtid: _, ...bare } = config;
    const attributes = leastOf(task.attributes);
    return requestInteraction(rest, bare, conversation, { ...task, attributes });
  }
}

/** What an agent needs to see the chat at all. */
function leastOf(attributes: NewTask['attributes']): NewTask['attributes'] {
  const { name, channelType, channelSid } = attributes;
  return { name, channelType, channelSid, cut: true };
}

async function requestInteraction(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: ChannelSid,
  task: NewTask,
): Promise<Interaction | undefined> {
  const made = await rest({
    method: 'POST',
    host: FLEX_HOST,
    path: path`/v1/Interactions`,
    form: {
      Channel: JSON.stringify({
        // There is no `custom` type; `web` is what the stock Flex UI draws as a chat.
        type: 'web',
        // Documented in lower case; Studio itself sends `Customer`.
        initiated_by: 'customer',
        properties: { media_channel_sid: conversation },
      }),
      Routing: routingOf(config, task),
      WebhookTtid: config.interactionWebhookTtid,
    },
    answer: InteractionSchema,
    notFound: 'MISCONFIGURED',
  });
  return (
    made && {
      interactionSid: made.sid,
      interactionChannelSid: made.channel.sid,
      ...taskSidOf(made.routing),
    }
  );
}

/**
 * Invites an agent to an interaction that goes on, with a task of its own.
 * @returns undefined when the interaction is closed, has failed or is unknown.
 */
export async function inviteAgent(
  rest: TwilioRest,
  config: ConversationsConfig,
  sids: InteractionSids,
  task: NewTask,
): Promise<Interaction | undefined> {
  return unlessRefused(async () => {
    const { routing } = await rest({
      method: 'POST',
      host: FLEX_HOST,
      path: below(channelPath(sids), path`/Invites`),
      form: { Routing: routingOf(config, task) },
      answer: InviteSchema,
    });
    return { ...sids, ...taskSidOf(routing) };
  });
}

/** Finds the interaction of a conversation by its task, whoever created it. */
export async function findInteraction(
  rest: TwilioRest,
  workspaceSid: string,
  conversation: ChannelSid,
): Promise<Interaction | undefined> {
  const tasks = await findTasks(rest, workspaceSid, 'conversationSid', conversation);
  const ofInteractions = tasks.filter((task) => interactionOf(task) !== undefined);
  const task = ofInteractions.find(isOngoing) ?? ofInteractions[0];
  const sids = task && interactionOf(task);
  return task && sids && { ...sids, taskSid: task.sid };
}

/** Flex notes the interaction in the attributes of its tasks. */
export function interactionOf({ attributes }: Task): InteractionSids | undefined {
  const { flexInteractionSid, flexInteractionChannelSid } = attributes;
  if (typeof flexInteractionSid !== 'string') return undefined;
  if (typeof flexInteractionChannelSid !== 'string') return undefined;
  return { interactionSid: flexInteractionSid, interactionChannelSid: flexInteractionChannelSid };
}

/**
 * How far an interaction's channel is, such as `active`, `inactive` or `failed`. One page of Twilio
 * says that it can't be read, the API's specification says how: undefined where it can't.
 */
export function readChannelStatus(
  rest: TwilioRest,
  sids: InteractionSids,
): Promise<string | undefined> {
  return unlessRefused(async () => {
    const { status } = await rest({
      method: 'GET',
      host: FLEX_HOST,
      path: channelPath(sids),
      answer: ChannelSchema,
    });
    return status;
  });
}

/**
 * Ends the interaction and closes the conversation.
 * @param wrapsUp leaves an agent who has accepted the task to wrap up; else tasks are completed.
 * @returns false when Flex does not know it or refuses for good.
 */
export async function closeInteraction(
  rest: TwilioRest,
  sids: InteractionSids,
  { wrapsUp }: { readonly wrapsUp: boolean },
): Promise<boolean> {
  try {
    await rest({
      method: 'POST',
      host: FLEX_HOST,
      path: channelPath(sids),
      form: {
        Status: 'closed',
        ...(!wrapsUp && { Routing: JSON.stringify({ status: 'closed' }) }),
      },
      answer: v.unknown(),
    });
    return true;
  } catch (error) {
    if (hasCode(error, 'CHAT_ENDED')) return true;
    if (isRefused(error)) return false;
    throw error;
  }
}

function routingOf(
  { workspaceSid }: ConversationsConfig,
  { workflowSid, taskChannel, attributes }: NewTask,
): string {
  const properties = {
    workspace_sid: workspaceSid,
    workflow_sid: workflowSid,
    task_channel_unique_name: taskChannel,
    attributes,
  };
  return JSON.stringify({ properties });
}

function taskSidOf(routing: v.InferOutput<typeof RoutingSchema>): Pick<Channel, 'taskSid'> {
  const sid = routing?.properties?.sid;
  return typeof sid === 'string' ? { taskSid: sid } : {};
}

const channelPath = ({ interactionSid, interactionChannelSid }: InteractionSids): TwilioPath =>
  path`/v1/Interactions/${interactionSid}/Channels/${interactionChannelSid}`;

/** Twilio refuses for good. */
const isRefused = (error: unknown): boolean => error instanceof ChatError && !error.retryable;

async function unlessRefused<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isRefused(error)) return undefined;
    throw error;
  }
}
