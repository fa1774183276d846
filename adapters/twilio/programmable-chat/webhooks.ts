/** The two webhooks that a channel of Programmable Chat carries. */
import type { ChannelSid } from '#core/ids';
import type { ChatRef } from '#core/session';
import {
  addWebhooks,
  type ChannelWebhook,
  missingWebhooks,
  ownWebhooks,
  type WebhookList,
} from '../channel/channel-webhooks.ts';
import { PROGRAMMABLE_CHAT_HOST } from '../rest/hosts.ts';
import type { Form, TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { channelPath, type ProgrammableChatConfig } from './config.ts';

/** The most that Twilio does. */
const RETRIES = '3';

const FILTERS = {
  // A message with media fires the second one instead of the first.
  newMessage: ['onMessageSent', 'onMediaMessageSent', 'onMessageUpdated', 'onMessageRemoved'],
  channelUpdate: [
    'onChannelUpdated',
    'onChannelDestroyed',
    'onMemberAdded',
    'onMemberRemoved',
    'onMemberUpdated',
  ],
};

export interface WebhookPlan {
  readonly missing: readonly ChannelWebhook[];
  /** Some of ours are there: an earlier attempt has been at this channel. */
  readonly isBegun: boolean;
}

export async function planWebhooks(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  channel: ChannelSid,
  { sessionId }: ChatRef,
): Promise<WebhookPlan> {
  const wanted = ownWebhooks(config.webhookUrl, sessionId, FILTERS);
  const missing = await missingWebhooks(rest, webhooksOf(config, channel), wanted);
  return { missing, isBegun: missing.length < wanted.length };
}

export function addPlannedWebhooks(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  channel: ChannelSid,
  { missing }: WebhookPlan,
): Promise<void> {
  return addWebhooks(rest, webhooksOf(config, channel), missing, formOf);
}

/** Flex has just told the channel's SID: if the service does not know it, it is another service. */
function webhooksOf(config: ProgrammableChatConfig, channel: ChannelSid): WebhookList {
  return {
    host: PROGRAMMABLE_CHAT_HOST,
    path: below(channelPath(config, channel), path`/Webhooks`),
    notFound: 'MISCONFIGURED',
  };
}

function formOf(calls: ChannelWebhook['calls']): Form {
  return {
    Type: 'webhook',
    ...('url' in calls && { 'Configuration.Url': calls.url }),
    'Configuration.Method': 'POST',
    'Configuration.RetryCount': RETRIES,
  };
}
