import { TwilioError } from '../../rest/twilio-error.ts';
import type { Task } from '../../taskrouter/model.ts';
import { newTask } from '../../taskrouter/state/task.ts';
import { fitsTask } from '../../taskrouter/state/task-attributes.ts';
import type { World } from '../../world/world.ts';
import type { InteractionRequest } from '../model.ts';

/** What becomes of task attributes above 4,096 characters. */
export const TOO_LARGE = {
  code: 45366,
  message: 'Routing: the task attributes have more than 4096 characters',
};

/**
 * The task of an interaction; it is not there yet.
 * @throws TwilioError 45366 when its attributes are too long, unless that is told later.
 */
export function interactionTask(
  world: World,
  request: InteractionRequest,
  sids: { readonly interaction: string; readonly channel: string },
): Task {
  return newTask(world, {
    attributes: taskAttributes(world, request, sids),
    interactionSid: sids.interaction,
    conversationSid: request.conversation.sid,
    workflowSid: request.workflowSid,
    taskChannelUniqueName: request.taskChannelUniqueName,
    priority: request.priority,
    timeout: request.timeout,
  });
}

/** As Flex Insights spells it. */
const INITIATED_BY: Readonly<Record<string, string>> = { customer: 'Customer', api: 'API' };

/** What Flex adds by itself, overlaid by the attributes of the request. */
function taskAttributes(
  world: World,
  { channelType, initiatedBy, conversation, attributes }: InteractionRequest,
  sids: { readonly interaction: string; readonly channel: string },
): Record<string, unknown> {
  const identity = conversation.participants[0]?.identity;
  const all = {
    conversationSid: conversation.sid,
    flexInteractionSid: sids.interaction,
    flexInteractionChannelSid: sids.channel,
    flexChannelInviteSid: world.newSid('KG'),
    channelType,
    customerName: attributes['name'] ?? attributes['from'] ?? identity,
    customerAddress: identity,
    customers: {},
    direction: 'inbound',
    initiatedBy,
    taskCreateSource: 'interaction',
    conversations: {
      initiated_by: INITIATED_BY[initiatedBy.toLowerCase()] ?? initiatedBy,
      conversation_id: sids.interaction,
      media: [{ type: 'ChatTranscript', sid: conversation.sid }],
    },
    ...attributes,
  };
  if (!fitsTask(all) && world.unconfirmed().largeTaskAttributes !== 'later') {
    throw new TwilioError(400, TOO_LARGE.code, TOO_LARGE.message);
  }
  return all;
}
