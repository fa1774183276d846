/** Interactions make a conversation an agent's task; closing their channel ends task and conversation. */
import * as v from 'valibot';
import { ChatError, hasCode } from '#core/errors';
import type { ChannelSid } from '#core/ids';
import type { Channel } from '#core/session';
import type { Profile } from '#protocol/frames';
import type { ConversationsConfig, TaskRouting } from './conversations-config.ts';
import { taskAttributes } from './customer-attributes.ts';
import { FLEX_HOST, TASKROUTER_HOST } from './hosts.ts';
import type { TwilioRest } from './rest-client.ts';
import { isAlreadyThere } from './twilio-error.ts';
import { path } from './twilio-path.ts';

/** The SIDs under which an interaction's channel is closed, and its task. */
type Interaction = Required<Omit<Channel, 'sid' | 'taskSid'>> & Pick<Channel, 'taskSid'>;

const InteractionSchema = v.object({
  sid: v.string(),
  channel: v.object({ sid: v.string() }),
  routing: v.nullish(v.object({ properties: v.nullish(v.object({ sid: v.nullish(v.string()) })) })),
});

const TasksSchema = v.object({
  tasks: v.array(
    v.object({
      sid: v.string(),
      attributes: v.pipe(
        v.string(),
        v.parseJson(),
        v.object({
          flexInteractionSid: v.nullish(v.string()),
          flexInteractionChannelSid: v.nullish(v.string()),
        }),
      ),
    }),
  ),
});

/**
 * Creates the interaction, at most one per conversation: Flex drops a second one.
 * @returns undefined when there is one already and its task is not to be found (yet).
 */
export async function createInteraction(
  rest: TwilioRest,
  config: ConversationsConfig,
  routing: TaskRouting,
  conversation: ChannelSid,
  profile: Profile,
): Promise<Interaction | undefined> {
  try {
    const {
      sid,
      channel,
      routing: routed,
    } = await rest({
      method: 'POST',
      host: FLEX_HOST,
      path: path`/v1/Interactions`,
      form: interactionForm(config, routing, conversation, profile),
      answer: InteractionSchema,
      notFound: 'MISCONFIGURED',
    });
    const taskSid = routed?.properties?.sid;
    return {
      interactionSid: sid,
      interactionChannelSid: channel.sid,
      ...(typeof taskSid === 'string' && { taskSid }),
    };
  } catch (error) {
    if (!isAlreadyThere(error, 'interactionExists')) throw error;
    return findInteraction(rest, config.workspaceSid, conversation);
  }
}

/** Finds the interaction of a conversation by its task, whoever created it. */
export async function findInteraction(
  rest: TwilioRest,
  workspaceSid: string,
  conversation: ChannelSid,
): Promise<Interaction | undefined> {
  const { tasks } = await rest({
    method: 'GET',
    host: TASKROUTER_HOST,
    path: path`/v1/Workspaces/${workspaceSid}/Tasks`,
    form: { EvaluateTaskAttributes: `conversationSid == "${conversation}"` },
    answer: TasksSchema,
    notFound: 'MISCONFIGURED',
  });
  for (const { sid, attributes } of tasks) {
    const { flexInteractionSid, flexInteractionChannelSid } = attributes;
    if (!flexInteractionSid || !flexInteractionChannelSid) continue;
    return {
      interactionSid: flexInteractionSid,
      interactionChannelSid: flexInteractionChannelSid,
      taskSid: sid,
    };
  }
  return undefined;
}

/**
 * Ends the interaction: the task becomes completed and the conversation closed.
 * @returns false when Flex does not know it or refuses for good.
 */
export async function closeInteraction(
  rest: TwilioRest,
  { interactionSid, interactionChannelSid }: Interaction,
): Promise<boolean> {
  try {
    await rest({
      method: 'POST',
      host: FLEX_HOST,
      path: path`/v1/Interactions/${interactionSid}/Channels/${interactionChannelSid}`,
      form: { Status: 'closed', Routing: JSON.stringify({ status: 'closed' }) },
      answer: v.unknown(),
    });
    return true;
  } catch (error) {
    if (hasCode(error, 'CHAT_ENDED')) return true;
    if (error instanceof ChatError && !error.retryable) return false;
    throw error;
  }
}

function interactionForm(
  { workspaceSid, interactionWebhookTtid }: ConversationsConfig,
  { workflowSid, taskChannel }: TaskRouting,
  conversation: ChannelSid,
  profile: Profile,
) {
  const properties = {
    workspace_sid: workspaceSid,
    workflow_sid: workflowSid,
    task_channel_unique_name: taskChannel,
    attributes: taskAttributes(conversation, profile),
  };
  return {
    Channel: JSON.stringify({
      // There is no `custom` type; `web` is what the stock Flex UI draws as a chat.
      type: 'web',
      // Documented in lower case; Studio itself sends `Customer`.
      initiated_by: 'customer',
      properties: { media_channel_sid: conversation },
    }),
    Routing: JSON.stringify({ properties }),
    WebhookTtid: interactionWebhookTtid,
  };
}
