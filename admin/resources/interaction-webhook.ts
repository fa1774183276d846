import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import type { Config } from '#lib/config-schema';
import { CommandError } from '../command.ts';
import {
  type InteractionWebhook,
  type InteractionWebhookType,
  listInteractionWebhooks,
  removeInteractionWebhook,
  writeInteractionWebhook,
} from '../twilio/interaction-webhooks.ts';
import { differences, type Found, nameOf, planOf, type Resource, type Setup } from './resource.ts';

interface FoundWebhook extends Found {
  readonly webhook: InteractionWebhook;
}

/** They tell that an agent joined, left or ended the chat, or that none will come. */
const EVENTS = [
  'onChannelCreateFailed',
  'onChannelStatusUpdated',
  'onParticipantJoined',
  'onParticipantLeft',
] as const;

/**
 * The address at which Flex tells of agents. A webhook of type `interaction` hears of the
 * interactions that this channel creates itself, which it does with routing `task`. A `global` one
 * hears of all in the account, also of those that Studio or somebody's own service creates.
 */
export const interactionWebhook = (type: InteractionWebhookType): Resource<FoundWebhook> => ({
  name: `Interaction webhook (${type})`,
  needsWebhookUrl: true,
  isNeeded: ({ flex }) => flex.backEnd === 'conversations' && typeFor(flex.routing.type) === type,

  async find(setup) {
    const webhooks = await listInteractionWebhooks(setup.twilio, type);
    const webhook = webhooks.find((each) => isOurs(setup, each)) ?? foreignGlobal(type, webhooks);
    return (
      webhook && {
        id: webhook.ttid,
        isOurs: isOurs(setup, webhook),
        detail: webhook.webhook_url ?? 'no address',
        webhook,
      }
    );
  },

  async plan(setup, found) {
    if (found === undefined) return { action: 'create', detail: addressOf(setup) };
    if (!found.isOurs) {
      return {
        action: 'conflict',
        detail: `${found.id} calls ${found.detail}; Flex has one global interaction webhook`,
        cure: 'remove it (Console > Flex > Channel management > Interactions webhook), or let its server pass the events on',
      };
    }
    const { webhook_url, webhook_events, webhook_method } = found.webhook;
    const differing = differences(
      { address: addressOf(setup), events: [...EVENTS].join(', '), method: 'POST' },
      {
        address: webhook_url,
        events: [...webhook_events].sort().join(', '),
        method: webhook_method?.toUpperCase(),
      },
    );
    return planOf(differing, found.detail);
  },

  async apply(setup, found) {
    const webhook = await writeInteractionWebhook(setup.twilio, found?.id, {
      WebhookUrl: addressOf(setup),
      WebhookEvents: EVENTS,
      WebhookMethod: 'POST',
      FriendlyName: nameOf(setup.stage),
      ...(found === undefined && { Type: type }),
    });
    const missing = EVENTS.filter((event) => !webhook.webhook_events.includes(event));
    if (missing.length > 0) {
      throw new CommandError(
        `Twilio did not take the events ${missing.join(', ')} of ${webhook.ttid}`,
      );
    }
    return webhook.ttid;
  },

  remove: ({ twilio }, { id }) => removeInteractionWebhook(twilio, id),

  fields: (_config, id) => ({ 'flex.interactionWebhookTtid': id }),
});

const typeFor = (routing: Config['flex']['routing']['type']): InteractionWebhookType =>
  routing === 'task' ? 'interaction' : 'global';

/** The documentation shows lists without names, so a webhook is also known by its address or the configured id. */
function isOurs({ stage, config, webhookUrl }: Setup, webhook: InteractionWebhook): boolean {
  const { friendly_name, webhook_url, ttid } = webhook;
  if (friendly_name) return friendly_name === nameOf(stage);
  const isAtOurAddress = webhookUrl !== undefined && webhook_url === addressOf({ webhookUrl });
  return isAtOurAddress || ttid === config.flex.interactionWebhookTtid;
}

/** An account may have one global webhook only, so somebody else's is in the way. */
const foreignGlobal = (type: InteractionWebhookType, webhooks: readonly InteractionWebhook[]) =>
  type === 'global' ? webhooks[0] : undefined;

const addressOf = ({ webhookUrl = '' }: Pick<Setup, 'webhookUrl'>): string =>
  `${webhookUrl}/${WEBHOOK_PATHS.channelUpdate}`;
