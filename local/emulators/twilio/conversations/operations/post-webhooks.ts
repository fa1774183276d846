import type { Call, Operation } from '../../rest/call.ts';
import type { World } from '../../world/world.ts';
import type { PostWebhook } from '../model.ts';
import { baseUrl } from './scope.ts';

/** Webhooks of Conversations for the account and for its service. */
export function postWebhookOperations(world: World) {
  const { postWebhooks } = world;
  return {
    fetchAccountWebhook: (call) => toJson(world, call, postWebhooks.account),
    updateAccountWebhook: (call) => {
      postWebhooks.account = changed(postWebhooks.account, call);
      return toJson(world, call, postWebhooks.account);
    },
    fetchServiceWebhook: (call) => toJson(world, call, postWebhooks.service),
    updateServiceWebhook: (call) => {
      // Refuses a service that the account does not have.
      baseUrl(world, call);
      postWebhooks.service = changed(postWebhooks.service, call);
      return toJson(world, call, postWebhooks.service);
    },
  } satisfies Record<string, Operation>;
}

function changed(before: PostWebhook, { parameters }: Call): PostWebhook {
  const method = parameters.text('Method')?.toUpperCase() ?? before.method;
  return {
    url: parameters.text('PostWebhookUrl') ?? before.url,
    preUrl: parameters.text('PreWebhookUrl') ?? before.preUrl,
    method: method === 'GET' ? 'GET' : 'POST',
    filters: parameters.list('Filters') ?? before.filters,
  };
}

function toJson(world: World, call: Call, webhook: PostWebhook) {
  const isOfService = 'ChatServiceSid' in call.path;
  return {
    account_sid: world.account.accountSid,
    ...(isOfService ? { chat_service_sid: world.account.chatServiceSid } : { target: 'webhook' }),
    pre_webhook_url: webhook.preUrl || null,
    post_webhook_url: webhook.url || null,
    method: webhook.method,
    filters: webhook.filters,
    url: `${baseUrl(world, call)}/Configuration/Webhooks`,
  };
}
