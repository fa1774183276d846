import type { StudioFlow } from './options.ts';
import type { Conversation } from './state/conversation.ts';
import { createInteraction, isCarried } from './state/interaction.ts';
import { addMessage } from './state/message.ts';
import type { ConversationEvent, World } from './world.ts';

const DEFAULT_REPLY = 'Thanks for your message. An agent will be with you shortly.';
const DAY_SECONDS = 86_400;

/**
 * Runs Studio flows: the first message that a flow's webhook hears of starts the flow, which
 * answers and sends to Flex. A message that was posted without webhooks starts none.
 */
export function runStudioFlows(world: World): void {
  const started = new Set<string>();
  world.subscribers.push((event) => {
    for (const { sid, target, configuration } of event.conversation.webhooks) {
      if (target !== 'studio' || !isHeard(sid, configuration.filters, event)) continue;
      const flow = world.account.studioFlows.find((each) => each.sid === configuration.flowSid);
      if (flow === undefined || event.fields['Author'] === flow.sid || started.has(sid)) continue;
      started.add(sid);
      world.scheduler.after(0, () => runFlow(world, flow, event.conversation));
    }
  });
}

function isHeard(
  webhookSid: string,
  filters: readonly string[] | undefined,
  { type, onlyForWebhook = webhookSid }: ConversationEvent,
): boolean {
  return (
    onlyForWebhook === webhookSid &&
    type === 'onMessageAdded' &&
    (filters?.includes('onMessageAdded') ?? true)
  );
}

function runFlow(world: World, flow: StudioFlow, conversation: Conversation): void {
  if (conversation.state === 'closed') return;
  const { via = 'function', botReply = DEFAULT_REPLY } = flow;
  const isWidget = via === 'widget';
  const actor = { source: 'API', firesWebhooks: !isWidget, isWidget } as const;
  addMessage(world, conversation, { author: flow.sid, body: botReply }, actor);
  sendToFlex(world, conversation);
}

/**
 * The Send to Flex widget, passing the attributes of the conversation on to the task. It writes
 * `Customer`, where the documentation says `customer`.
 */
function sendToFlex(world: World, conversation: Conversation): void {
  const [workflow] = world.account.workflows;
  const [customer] = conversation.participants;
  if (!workflow || !customer || isCarried(world, conversation.sid)) return;
  createInteraction(world, {
    channelType: 'web',
    initiatedBy: 'Customer',
    conversation,
    workflowSid: workflow.sid,
    taskChannelUniqueName: workflow.taskChannel ?? 'chat',
    attributes: {
      ...attributesOf(conversation),
      channelType: 'web',
      channelSid: conversation.sid,
    },
    priority: 0,
    timeout: DAY_SECONDS,
  });
}

/** What the flow reads as `trigger.conversation.ChannelAttributes`. */
function attributesOf({ attributes }: Conversation): Record<string, unknown> {
  const parsed: unknown = JSON.parse(attributes);
  return typeof parsed === 'object' ? { ...parsed } : {};
}
