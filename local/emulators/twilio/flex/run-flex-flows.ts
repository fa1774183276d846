import type { ConversationEvent } from '../conversations/model.ts';
import { channelEvent } from '../programmable-chat/channel-events.ts';
import { startFlow } from '../studio/run-studio-flows.ts';
import { ongoingTaskOf } from '../taskrouter/state/task.ts';
import { presentFields, type WebhookCaller } from '../webhooks/webhook-caller.ts';
import type { World } from '../world/world.ts';
import type { FlexChannel } from './model.ts';
import { addFlowTask } from './state/flex-channel.ts';

const DEFAULT_RETRIES = 3;

/**
 * What a Flex Flow does on messages in its channels, as far as they fire webhooks: it runs a
 * Studio flow, makes a task or calls somebody else's service.
 */
export function runFlexFlows(world: World, caller: WebhookCaller): void {
  world.subscribers.push((event) => {
    const channel = world.flexChannels.get(event.conversation.sid);
    if (!channel?.flow.enabled || event.type !== 'onMessageAdded') return;
    if (event.onlyForWebhook !== undefined) return;
    const { integrationType } = channel.flow;
    if (integrationType === 'studio') runStudio(world, channel, event);
    else if (integrationType === 'task') makeTask(world, channel, event);
    else if (integrationType === 'external') callExternal(world, caller, channel, event);
  });
}

/** Once: Send to Flex takes Studio out of the channel. */
function runStudio(world: World, channel: FlexChannel, event: ConversationEvent): void {
  if (channel.isRouted) return;
  const { flowSid } = channel.flow.integration;
  channel.isRouted = startFlow(world, { flowSid, event, api: 'programmable-chat' });
}

/** With the first message if so configured, and anew in a channel that outlives its tasks. */
function makeTask(world: World, channel: FlexChannel, { conversation }: ConversationEvent): void {
  const isDue = channel.taskSid === null || channel.longLived;
  if (isDue && !ongoingTaskOf(world, channel.sid)) addFlowTask(world, conversation, channel);
}

/** Its body is not documented; that of a channel's webhook is the likely one. */
function callExternal(
  world: World,
  caller: WebhookCaller,
  { flow }: FlexChannel,
  event: ConversationEvent,
): void {
  const { url = '', retryCount = DEFAULT_RETRIES } = flow.integration;
  caller.call({
    webhookSid: flow.sid,
    url,
    method: 'post',
    form: presentFields({ ...channelEvent(world, event)?.fields, WebhookType: 'webhook' }),
    retries: retryCount,
  });
}
