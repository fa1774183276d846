import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import type { Parameters } from '../../rest/check-parameters.ts';
import { pageOf } from '../../rest/paging.ts';
import type { World } from '../../world/world.ts';
import { FLEX_HOST } from '../endpoints.ts';
import type { InteractionWebhook, InteractionWebhookSettings } from '../model.ts';
import { addInteractionWebhook, updateInteractionWebhook } from '../state/interaction-webhook.ts';

export function interactionWebhookOperations(world: World) {
  const assertInstance = (call: Call) =>
    found(call.path['InstanceSid'] === world.account.flexInstanceSid || undefined, call);
  const webhookOf = (call: Call): InteractionWebhook => {
    assertInstance(call);
    return found(world.interactionWebhooks.get(call.path['Ttid'] ?? ''), call);
  };
  const render = (webhook: InteractionWebhook) => toJson(world, webhook);
  return {
    createInteractionWebhook: (call) => {
      assertInstance(call);
      const type = call.parameters.text('Type') === 'interaction' ? 'interaction' : 'global';
      return render(addInteractionWebhook(world, type, settingsOf(call.parameters, NOTHING_SET)));
    },
    listInteractionWebhooks: (call) => {
      assertInstance(call);
      const type = call.parameters.text('type');
      const listed = [...world.interactionWebhooks.values()].filter(
        (webhook) => type === undefined || webhook.type === type,
      );
      return pageOf(call, 'data', listed, ({ ttid }) => ttid, render);
    },
    fetchInteractionWebhook: (call) => render(webhookOf(call)),
    updateInteractionWebhook: (call) => {
      const webhook = webhookOf(call);
      return render(updateInteractionWebhook(world, webhook, settingsOf(call.parameters, webhook)));
    },
    deleteInteractionWebhook: (call) => void world.interactionWebhooks.delete(webhookOf(call).ttid),
  } satisfies Record<string, Operation>;
}

const NOTHING_SET: InteractionWebhookSettings = {
  url: '',
  events: [],
  method: 'POST',
  friendlyName: null,
};

/** Each under the name of the page's examples or under that of its table. */
function settingsOf(
  parameters: Parameters,
  before: InteractionWebhookSettings,
): InteractionWebhookSettings {
  const method = parameters.text('WebhookMethod') ?? parameters.text('Method') ?? before.method;
  return {
    url: parameters.text('WebhookUrl') ?? before.url,
    events: parameters.list('WebhookEvents') ?? parameters.list('Filters') ?? before.events,
    method: method.toUpperCase() === 'GET' ? 'GET' : 'POST',
    friendlyName: parameters.text('FriendlyName') ?? before.friendlyName,
  };
}

function toJson({ account }: World, webhook: InteractionWebhook) {
  const instance = `https://${FLEX_HOST}/v1/Instances/${account.flexInstanceSid}`;
  return {
    ttid: webhook.ttid,
    account_sid: account.accountSid,
    instance_sid: account.flexInstanceSid,
    webhook_url: webhook.url,
    webhook_events: webhook.events,
    webhook_method: webhook.method,
    friendly_name: webhook.friendlyName,
    type: webhook.type,
    url: `${instance}/InteractionWebhooks/${webhook.ttid}`,
  };
}
