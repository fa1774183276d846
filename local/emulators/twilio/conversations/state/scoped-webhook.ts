import { TwilioError } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import { assertOpen, type Conversation } from './conversation.ts';
import { announceMessage } from './message.ts';

/** A webhook of one conversation. */
export interface ScopedWebhook {
  readonly sid: string;
  readonly target: 'webhook' | 'trigger' | 'studio';
  configuration: WebhookConfiguration;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

export interface WebhookConfiguration {
  readonly url?: string | undefined;
  readonly method?: 'get' | 'post' | undefined;
  readonly filters?: readonly string[] | undefined;
  /** Words that a message must hold, for the target `trigger`. */
  readonly triggers?: readonly string[] | undefined;
  readonly flowSid?: string | undefined;
  readonly replayAfter?: number | undefined;
}

const MAX_WEBHOOKS = 5;
const MAX_TRIGGERS = 5;

/** @throws TwilioError 50361 for a sixth one, 50377, 20001 for a configuration that cannot work. */
export function addWebhook(
  world: World,
  conversation: Conversation,
  target: ScopedWebhook['target'],
  configuration: WebhookConfiguration,
): ScopedWebhook {
  assertOpen(conversation);
  if (conversation.webhooks.length >= MAX_WEBHOOKS) {
    throw new TwilioError(400, 50361, `A conversation has at most ${MAX_WEBHOOKS} webhooks`);
  }
  assertUsable(world, target, configuration);
  const nowMs = world.nowMs();
  const webhook = {
    sid: world.newSid('WH'),
    target,
    configuration,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  conversation.webhooks.push(webhook);
  replay(world, conversation, webhook);
  return webhook;
}

/** @throws TwilioError as `addWebhook`. */
export function updateWebhook(
  world: World,
  conversation: Conversation,
  webhook: ScopedWebhook,
  configuration: WebhookConfiguration,
): void {
  assertOpen(conversation);
  const merged = { ...webhook.configuration, ...configuration };
  assertUsable(world, webhook.target, merged);
  webhook.configuration = merged;
  webhook.updatedAtMs = world.nowMs();
}

function assertUsable(
  world: World,
  target: ScopedWebhook['target'],
  { url, triggers, flowSid }: WebhookConfiguration,
): void {
  const refuse = (message: string) => {
    throw new TwilioError(400, 20001, message);
  };
  if ((triggers?.length ?? 0) > MAX_TRIGGERS) refuse(`At most ${MAX_TRIGGERS} triggers`);
  if (target !== 'studio') {
    if (url === undefined) refuse(`Target ${target} needs Configuration.Url`);
    return;
  }
  if (flowSid === undefined) refuse('Target studio needs Configuration.FlowSid');
  if (!world.studioFlows.has(flowSid ?? '')) {
    refuse(`Configuration.FlowSid ${flowSid} is no flow of this account`);
  }
}

/** The index that is named and its successors. */
function replay(world: World, conversation: Conversation, webhook: ScopedWebhook): void {
  const { replayAfter } = webhook.configuration;
  if (replayAfter === undefined) return;
  for (const message of conversation.messages) {
    if (message.index >= replayAfter) announceMessage(world, conversation, message, webhook.sid);
  }
}
