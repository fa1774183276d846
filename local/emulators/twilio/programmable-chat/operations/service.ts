import type { Call, Operation } from '../../rest/call.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import type { ChatService } from '../model.ts';
import { serviceUrl } from './scope.ts';

export function serviceOperations(world: World) {
  return {
    fetchService: (call) => toJson(world, serviceUrl(world, call)),
    updateService: (call) => {
      const url = serviceUrl(world, call);
      Object.assign(world.chatService, changeOf(call), { updatedAtMs: world.nowMs() });
      return toJson(world, url);
    },
  } satisfies Record<string, Operation>;
}

/** Only what is given. */
function changeOf({ parameters }: Call): Partial<ChatService> {
  const given = {
    friendlyName: parameters.text('FriendlyName'),
    preWebhookUrl: parameters.text('PreWebhookUrl'),
    postWebhookUrl: parameters.text('PostWebhookUrl'),
    webhookMethod: parameters.text('WebhookMethod')?.toUpperCase(),
    webhookFilters: parameters.list('WebhookFilters'),
    preWebhookRetryCount: parameters.integer('PreWebhookRetryCount'),
    postWebhookRetryCount: parameters.integer('PostWebhookRetryCount'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function toJson({ account, chatService }: World, url: string) {
  return {
    sid: account.chatServiceSid,
    account_sid: account.accountSid,
    friendly_name: chatService.friendlyName,
    pre_webhook_url: chatService.preWebhookUrl || null,
    post_webhook_url: chatService.postWebhookUrl || null,
    webhook_method: chatService.webhookMethod,
    webhook_filters: chatService.webhookFilters,
    pre_webhook_retry_count: chatService.preWebhookRetryCount,
    post_webhook_retry_count: chatService.postWebhookRetryCount,
    read_status_enabled: true,
    reachability_enabled: false,
    typing_indicator_timeout: 5,
    consumption_report_interval: 10,
    limits: { channel_members: 100, user_channels: 250 },
    date_created: isoSeconds(chatService.createdAtMs),
    date_updated: isoSeconds(chatService.updatedAtMs),
    url,
    links: { channels: `${url}/Channels`, users: `${url}/Users` },
  };
}
