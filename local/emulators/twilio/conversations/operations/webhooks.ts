import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import type { Conversation, ScopedWebhook, WebhookConfiguration } from '../model.ts';
import { addWebhook, updateWebhook } from '../state/scoped-webhook.ts';
import { baseUrl, conversationOf, openConversationOf } from './scope.ts';

export function webhookOperations(world: World) {
  const webhookOf = (call: Call, { webhooks }: Conversation): ScopedWebhook =>
    found(
      webhooks.find(({ sid }) => sid === call.path['Sid']),
      call,
    );
  const render = (call: Call, conversation: Conversation, webhook: ScopedWebhook) =>
    toJson(world, baseUrl(world, call), conversation, webhook);
  return {
    createWebhook: (call) => {
      const conversation = conversationOf(world, call);
      const target = call.parameters.text('Target') as ScopedWebhook['target'];
      const webhook = addWebhook(world, conversation, target, configurationOf(call));
      return render(call, conversation, webhook);
    },
    listWebhooks: (call) => {
      const conversation = conversationOf(world, call);
      return pageOf(
        call,
        'webhooks',
        conversation.webhooks,
        ({ sid }) => sid,
        (each) => render(call, conversation, each),
      );
    },
    fetchWebhook: (call) => {
      const conversation = conversationOf(world, call);
      return render(call, conversation, webhookOf(call, conversation));
    },
    updateWebhook: (call) => {
      const conversation = conversationOf(world, call);
      const webhook = webhookOf(call, conversation);
      updateWebhook(world, conversation, webhook, configurationOf(call));
      return render(call, conversation, webhook);
    },
    deleteWebhook: (call) => {
      const conversation = openConversationOf(world, call);
      const webhook = webhookOf(call, conversation);
      conversation.webhooks.splice(conversation.webhooks.indexOf(webhook), 1);
    },
  } satisfies Record<string, Operation>;
}

/** Only what is given, so that an update leaves the rest as it is. */
function configurationOf({ parameters }: Call): WebhookConfiguration {
  const given = {
    url: parameters.text('Configuration.Url'),
    method: parameters.text('Configuration.Method')?.toLowerCase() as 'get' | 'post' | undefined,
    filters: parameters.list('Configuration.Filters'),
    triggers: parameters.list('Configuration.Triggers'),
    flowSid: parameters.text('Configuration.FlowSid'),
    replayAfter: parameters.integer('Configuration.ReplayAfter'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const toJson = (
  world: World,
  base: string,
  conversation: Conversation,
  { sid, target, configuration, createdAtMs, updatedAtMs }: ScopedWebhook,
) => ({
  sid,
  account_sid: world.account.accountSid,
  conversation_sid: conversation.sid,
  target,
  configuration: {
    url: configuration.url,
    method: configuration.method,
    filters: configuration.filters,
    triggers: configuration.triggers,
    flow_sid: configuration.flowSid,
    replay_after: configuration.replayAfter,
  },
  date_created: isoSeconds(createdAtMs),
  date_updated: isoSeconds(updatedAtMs),
  url: `${base}/Conversations/${conversation.sid}/Webhooks/${sid}`,
});
