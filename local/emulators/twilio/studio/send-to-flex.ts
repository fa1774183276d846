import type { Conversation } from '../conversations/model.ts';
import { parseAttributes } from '../conversations/state/attributes.ts';
import { createInteraction, isCarried } from '../flex/state/interaction.ts';
import { DEFAULT_TASK_TIMEOUT, newTask, promiseTask } from '../taskrouter/state/task.ts';
import { fitsTask } from '../taskrouter/state/task-attributes.ts';
import { findTaskChannel } from '../taskrouter/state/task-channel.ts';
import type { World } from '../world/world.ts';
import type { Widget } from './definition.ts';
import type { FlowRun } from './model.ts';
import { fillTemplate } from './template.ts';

/** As long as what Flex adds for an interaction. */
const ADDED_BY_FLEX = { added: ' '.repeat(700) };

interface Routing {
  readonly workflowSid: string;
  readonly taskChannelUniqueName: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly priority: number;
  readonly timeout: number;
}

/** The Send to Flex widget: an interaction for a conversation, a mere task for a chat channel. */
export function sendToFlex(world: World, run: FlowRun, widget: Widget): string {
  const routing = routingOf(world, run, widget);
  if (typeof routing === 'string') {
    world.log(`Studio flow ${run.flow.sid} fails at ${widget.name}: ${routing}`);
    return 'failedToEnqueue';
  }
  if (run.api === 'programmable-chat') addTask(world, run.event.conversation, routing);
  else addInteraction(world, run.event.conversation, routing);
  return 'callComplete';
}

function addTask(world: World, { sid: conversationSid }: Conversation, routing: Routing): void {
  promiseTask(world, newTask(world, { ...routing, conversationSid }));
}

/** It writes `Customer`, where the documentation says `customer`. */
function addInteraction(world: World, conversation: Conversation, routing: Routing): void {
  if (conversation.participants.length === 0 || isCarried(world, conversation.sid)) return;
  createInteraction(world, {
    ...routing,
    channelType: 'web',
    initiatedBy: 'Customer',
    conversation,
  });
}

/** @returns what is wrong when the widget cannot route. */
function routingOf(world: World, run: FlowRun, { properties = {} }: Widget): Routing | string {
  const workflow = world.account.workflows.find(({ sid }) => sid === properties['workflow']);
  if (workflow === undefined) return `no workflow ${properties['workflow']}`;
  const taskChannel = findTaskChannel(world.taskChannels, String(properties['channel']));
  if (taskChannel === undefined) return `no task channel ${properties['channel']}`;
  const attributes = attributesOf(run, properties['attributes']);
  if (attributes === undefined) return 'the attributes are no JSON object';
  if (!fitsTask({ ...attributes, ...ADDED_BY_FLEX })) {
    return 'the attributes have more than 4096 characters';
  }
  return {
    workflowSid: workflow.sid,
    taskChannelUniqueName: taskChannel.uniqueName,
    attributes,
    priority: Number(properties['priority'] ?? 0),
    timeout: Number(properties['timeout'] ?? DEFAULT_TASK_TIMEOUT),
  };
}

function attributesOf(
  { flow, event: { conversation }, variables }: FlowRun,
  template: unknown = '{}',
): Record<string, unknown> | undefined {
  let named: unknown;
  try {
    named = JSON.parse(fillTemplate(String(template), variables));
  } catch {
    return undefined;
  }
  if (typeof named !== 'object' || named === null) return undefined;
  const passed = flow.passesAttributes ? passedAttributes(conversation) : {};
  return { ...passed, ...named };
}

/** A channel that Flex made keeps the customer's name with what the chat began with. */
function passedAttributes({ sid, attributes }: Conversation): Record<string, unknown> {
  const channel = parseAttributes(attributes);
  const { name } = { ...(channel['pre_engagement_data'] as { name?: unknown } | undefined) };
  const known = channel['name'] ?? name ?? channel['from'];
  return { ...channel, ...(known !== undefined && { name: known }), channelSid: sid };
}
