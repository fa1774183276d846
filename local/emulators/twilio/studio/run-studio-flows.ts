import type { ConversationEvent } from '../conversations/model.ts';
import type { World } from '../world/world.ts';
import type { FlowStart } from './model.ts';
import { runFlow } from './run-flow.ts';

/**
 * Runs Studio flows: the first message that a flow's webhook hears of starts the flow. A
 * message that was posted without webhooks starts none.
 */
export function runStudioFlows(world: World): void {
  const starting = new Set<string>();
  world.subscribers.push((event) => {
    for (const { webhookSid, flowSid, api } of listeners(event)) {
      if (starting.has(webhookSid) || world.startedFlows.has(webhookSid)) continue;
      const hasStarted = () => world.startedFlows.add(webhookSid);
      if (startFlow(world, { flowSid, event, api }, hasStarted)) starting.add(webhookSid);
    }
  });
}

/** @returns whether there is such a flow. */
export function startFlow(
  world: World,
  { flowSid, event, api }: Omit<FlowStart, 'flow'> & { readonly flowSid: string | undefined },
  hasStarted: () => void = () => {},
): boolean {
  const flow = world.studioFlows.get(flowSid ?? '');
  if (flow === undefined) return false;
  world.scheduler.after(0, () => {
    runFlow(world, { flow, event, api });
    hasStarted();
    world.file?.touch();
  });
  return true;
}

interface Listener {
  readonly webhookSid: string;
  readonly flowSid: string | undefined;
  readonly api: FlowStart['api'];
}

/** Webhooks of both APIs that lead to Studio and hear this message. */
function listeners({ type, conversation, onlyForWebhook }: ConversationEvent): Listener[] {
  if (type !== 'onMessageAdded') return [];
  const ofConversation = conversation.webhooks
    .filter(({ sid, target, configuration: { filters } }) => {
      const isMeant = onlyForWebhook === undefined || onlyForWebhook === sid;
      return target === 'studio' && isMeant && (filters?.includes('onMessageAdded') ?? true);
    })
    .map(({ sid, configuration: { flowSid } }) => ({
      webhookSid: sid,
      flowSid,
      api: 'conversations' as const,
    }));
  if (onlyForWebhook !== undefined) return ofConversation;
  const ofChannel = conversation.channelWebhooks
    .filter(
      ({ type: kind, configuration: { filters } }) =>
        kind === 'studio' && (filters?.includes('onMessageSent') ?? true),
    )
    .map(({ sid, configuration: { flowSid } }) => ({
      webhookSid: sid,
      flowSid,
      api: 'programmable-chat' as const,
    }));
  return [...ofConversation, ...ofChannel];
}
