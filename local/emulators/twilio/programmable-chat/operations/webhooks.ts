import type { Conversation } from '../../conversations/model.ts';
import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import type { ChannelWebhook, ChannelWebhookConfiguration } from '../model.ts';
import { addChannelWebhook, updateChannelWebhook } from '../state/channel-webhook.ts';
import { channelOf, serviceUrl } from './scope.ts';

export function channelWebhookOperations(world: World) {
  const webhookOf = (call: Call, { channelWebhooks }: Conversation): ChannelWebhook =>
    found(
      channelWebhooks.find(({ sid }) => sid === call.path['Sid']),
      call,
    );
  const render = (call: Call, channel: Conversation, webhook: ChannelWebhook) =>
    toJson(world, serviceUrl(world, call), channel, webhook);
  return {
    createChannelWebhook: (call) => {
      const channel = channelOf(world, call);
      const type = call.parameters.text('Type') as ChannelWebhook['type'];
      return render(call, channel, addChannelWebhook(world, channel, type, configurationOf(call)));
    },
    listChannelWebhooks: (call) => {
      const channel = channelOf(world, call);
      return pageOf(
        call,
        'webhooks',
        channel.channelWebhooks,
        ({ sid }) => sid,
        (each) => render(call, channel, each),
      );
    },
    fetchChannelWebhook: (call) => {
      const channel = channelOf(world, call);
      return render(call, channel, webhookOf(call, channel));
    },
    updateChannelWebhook: (call) => {
      const channel = channelOf(world, call);
      const webhook = webhookOf(call, channel);
      updateChannelWebhook(world, webhook, configurationOf(call));
      return render(call, channel, webhook);
    },
    deleteChannelWebhook: (call) => {
      const { channelWebhooks } = channelOf(world, call);
      const webhook = webhookOf(call, channelOf(world, call));
      channelWebhooks.splice(channelWebhooks.indexOf(webhook), 1);
    },
  } satisfies Record<string, Operation>;
}

/** Only what is given, so that an update leaves the rest as it is. */
function configurationOf({ parameters }: Call): ChannelWebhookConfiguration {
  const given = {
    url: parameters.text('Configuration.Url'),
    method: parameters.text('Configuration.Method')?.toUpperCase() as 'GET' | 'POST' | undefined,
    filters: parameters.list('Configuration.Filters'),
    triggers: parameters.list('Configuration.Triggers'),
    flowSid: parameters.text('Configuration.FlowSid'),
    retryCount: parameters.integer('Configuration.RetryCount'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const toJson = (
  world: World,
  service: string,
  channel: Conversation,
  { sid, type, configuration, createdAtMs, updatedAtMs }: ChannelWebhook,
) => ({
  sid,
  account_sid: world.account.accountSid,
  service_sid: channel.serviceSid,
  channel_sid: channel.sid,
  type,
  configuration: {
    url: configuration.url,
    method: configuration.method,
    filters: configuration.filters,
    triggers: configuration.triggers,
    flow_sid: configuration.flowSid,
    retry_count: configuration.retryCount ?? 0,
  },
  date_created: isoSeconds(createdAtMs),
  date_updated: isoSeconds(updatedAtMs),
  url: `${service}/Channels/${channel.sid}/Webhooks/${sid}`,
});
