import { deleteConversation } from '../../conversations/state/conversation.ts';
import { Answered, type Call, type Operation } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { badRequest, TwilioError } from '../../rest/twilio-error.ts';
import { fitsTask } from '../../taskrouter/state/task-attributes.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { FLEX_HOST } from '../endpoints.ts';
import type { FlexChannel } from '../model.ts';
import { openFlexChannel } from '../state/flex-channel.ts';

export function flexChannelOperations(world: World) {
  const render = (channel: FlexChannel) => toJson(world, channel);
  const channelOf = (call: Call): FlexChannel => {
    const sid = call.path['Sid'] ?? '';
    const channel = world.conversations.has(sid) ? world.flexChannels.get(sid) : undefined;
    if (channel !== undefined) return channel;
    throw new TwilioError(404, 45204, `Flex Channel ${sid} was not found`);
  };
  return {
    createFlexChannel: (call) => {
      const { channel, isNew } = openFlexChannel(world, requestOf(world, call));
      const status = isNew ? 201 : world.flexChannelReuseStatus;
      return new Answered(status, render(channel));
    },
    listFlexChannels: (call) => {
      const listed = [...world.flexChannels.values()].filter(({ sid }) =>
        world.conversations.has(sid),
      );
      return pageOf(call, 'flex_chat_channels', listed, ({ sid }) => sid, render);
    },
    fetchFlexChannel: (call) => render(channelOf(call)),
    deleteFlexChannel: (call) => {
      const { sid } = channelOf(call);
      const conversation = world.conversations.get(sid);
      if (conversation) deleteConversation(world, conversation, call.actor);
    },
  } satisfies Record<string, Operation>;
}

function requestOf(world: World, { parameters }: Call) {
  const flowSid = parameters.text('FlexFlowSid') ?? '';
  const flow = world.flexFlows.get(flowSid);
  if (flow === undefined) throw new TwilioError(404, 45205, `Flex Flow ${flowSid} was not found`);
  return {
    flow,
    identity: parameters.text('Identity') ?? '',
    userName: parameters.text('ChatUserFriendlyName') ?? '',
    friendlyName: parameters.text('ChatFriendlyName') ?? '',
    target: parameters.text('Target') || undefined,
    uniqueName: parameters.text('ChatUniqueName') || undefined,
    preEngagementData: parameters.json('PreEngagementData'),
    taskSid: parameters.text('TaskSid'),
    taskAttributes: taskAttributes(parameters.json('TaskAttributes')),
    longLived: parameters.boolean('LongLived'),
  };
}

function taskAttributes(given: unknown): Record<string, unknown> | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null) {
    throw badRequest('Invalid parameter TaskAttributes: expected a JSON object');
  }
  if (!fitsTask(given)) throw badRequest('TaskAttributes: more than 4096 characters');
  return { ...given };
}

function toJson(world: World, channel: FlexChannel) {
  const createdAt = isoSeconds(channel.createdAtMs);
  return {
    account_sid: world.account.accountSid,
    flex_flow_sid: channel.flow.sid,
    sid: channel.sid,
    user_sid: channel.userSid,
    task_sid: channel.taskSid,
    url: `https://${FLEX_HOST}/v1/Channels/${channel.sid}`,
    date_created: createdAt,
    date_updated: createdAt,
  };
}
