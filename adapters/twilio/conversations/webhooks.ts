/** The webhooks that a conversation carries: ours, and that of whoever routes it in our place. */
import type { ChannelSid } from '#core/ids';
import type { ChatRef } from '#core/session';
import {
  addWebhooks,
  type ChannelWebhook,
  missingWebhooks,
  ownWebhooks,
} from '../channel/channel-webhooks.ts';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import type { Form, TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { type ConversationsConfig, conversationPath } from './config.ts';

const FILTERS = {
  // Chats of an earlier version listen to new messages alone: there `history` tells of the rest.
  newMessage: ['onMessageAdded', 'onMessageUpdated', 'onMessageRemoved'],
  // It is not documented whether onConversationStateUpdated fires when Flex closes the
  // conversation: a post into a closed one tells of the end as well.
  channelUpdate: [
    'onParticipantAdded',
    'onParticipantRemoved',
    'onParticipantUpdated',
    'onConversationStateUpdated',
    'onConversationRemoved',
  ],
};

/** Adds what is not there yet. A new conversation has no webhooks, so nothing is looked up. */
export async function addMissingWebhooks(
  rest: TwilioRest,
  config: ConversationsConfig,
  conversation: ChannelSid,
  { sessionId }: ChatRef,
  { isNew }: { isNew: boolean },
): Promise<void> {
  const { webhookUrl, routing } = config;
  const list = {
    host: CONVERSATIONS_HOST,
    path: below(conversationPath(config, conversation), path`/Webhooks`),
  };
  const wanted = [...ownWebhooks(webhookUrl, sessionId, FILTERS), ...routingWebhooks(routing)];
  await addWebhooks(rest, list, isNew ? wanted : await missingWebhooks(rest, list, wanted), formOf);
}

function routingWebhooks(routing: ConversationsConfig['routing']): ChannelWebhook[] {
  const filters = ['onMessageAdded'];
  switch (routing.type) {
    case 'studio':
      return [{ calls: { flowSid: routing.flowSid }, filters }];
    case 'external':
      return [{ calls: { url: routing.url }, filters }];
    case 'task':
      return [];
  }
}

function formOf(calls: ChannelWebhook['calls']): Form {
  return 'flowSid' in calls
    ? { Target: 'studio', 'Configuration.FlowSid': calls.flowSid }
    : {
        Target: 'webhook',
        'Configuration.Url': calls.url,
        'Configuration.Method': 'post',
      };
}
