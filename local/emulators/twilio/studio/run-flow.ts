import { parseAttributes } from '../conversations/state/attributes.ts';
import { addMessage } from '../conversations/state/message.ts';
import { channelEvent } from '../programmable-chat/channel-events.ts';
import type { World } from '../world/world.ts';
import type { Widget } from './definition.ts';
import type { FlowRun, FlowStart } from './model.ts';
import { sendToFlex } from './send-to-flex.ts';
import { fillTemplate } from './template.ts';

type RunWidget = (world: World, run: FlowRun, widget: Widget) => string;

/** By type; each returns the event whose transition is taken. */
const WIDGETS: Readonly<Record<string, RunWidget>> = {
  trigger: (_world, { api }) =>
    api === 'programmable-chat' ? 'incomingMessage' : 'incomingConversationMessage',
  'send-message': (world, { flow, event, variables }, { properties }) => {
    const isWidget = flow.via === 'widget';
    const actor = { source: 'API', firesWebhooks: !isWidget, isWidget } as const;
    const filled = (name: string): string | undefined =>
      typeof properties?.[name] === 'string'
        ? fillTemplate(properties[name], variables)
        : undefined;
    const attributes = filled('attributes') || '{}';
    if (!isJson(attributes)) return 'failed';
    const body = filled('body') ?? '';
    // The widget speaks as `flow.channel.address`, which is the channel's own SID.
    const author = isWidget ? event.conversation.sid : flow.sid;
    addMessage(world, event.conversation, { author, body, attributes }, actor);
    return 'sent';
  },
  'send-to-flex': sendToFlex,
};

const MAX_STEPS = 50;

/** Runs a flow to its end; it stops at a widget of a type that is not simulated. */
export function runFlow(world: World, start: FlowStart): void {
  const { flow, event } = start;
  const { published } = flow;
  if (published === undefined || event.conversation.state === 'closed') return;
  const run = { ...start, variables: variablesOf(world, start) };
  let next: string | undefined = published.initial_state;
  for (let step = 0; step < MAX_STEPS && next !== undefined; step += 1) {
    const widget = published.states.find(({ name }) => name === next);
    const runWidget = widget && WIDGETS[widget.type];
    if (!widget || !runWidget) {
      world.log(`Studio flow ${flow.sid} stops at ${next}: ${widget?.type} is not simulated`);
      return;
    }
    const outcome = runWidget(world, run, widget);
    next = widget.transitions.find((each) => each.event === outcome)?.next;
  }
}

/** `trigger.message` for Programmable Chat, `trigger.conversation` for Conversations. */
function variablesOf(world: World, { api, event, flow }: FlowStart): Record<string, unknown> {
  const { conversation, fields } = event;
  const common = {
    AccountSid: world.account.accountSid,
    ChannelSid: conversation.sid,
    ChannelAttributes: parseAttributes(conversation.attributes),
  };
  const trigger =
    api === 'programmable-chat'
      ? { message: { ...channelEvent(world, event)?.fields, ...common } }
      : { conversation: { ...fields, ChatServiceSid: conversation.serviceSid, ...common } };
  return { trigger, flow: { sid: flow.sid } };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
