import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import type { Config } from '#lib/config-schema';
import { CommandError } from '../command.ts';
import { orAbsent } from '../twilio/client.ts';
import {
  fetchInteractionWebhook,
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
    const all = await listInteractionWebhooks(setup.twilio, type);
    const [own] = await ownOf(setup, all);
    if (own !== undefined) return own;
    // An account may have one global webhook only, so somebody else's is in the way.
    const [other] = type === 'global' ? all : [];
    return other && { ...toFound(setup, other), isOurs: false };
  },

  async findOurs(setup) {
    return ownOf(setup, await listInteractionWebhooks(setup.twilio, type));
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

const toFound = (setup: Setup, webhook: InteractionWebhook): FoundWebhook => ({
  id: webhook.ttid,
  isOurs: true,
  detail: webhook.webhook_url ?? 'no address',
  edited: editOf(setup, webhook),
  webhook,
});

async function ownOf(
  setup: Setup,
  webhooks: readonly InteractionWebhook[],
): Promise<FoundWebhook[]> {
  const own: FoundWebhook[] = [];
  for (const webhook of webhooks) {
    if (await isOwn(setup, webhook)) own.push(toFound(setup, webhook));
  }
  return own;
}

/**
 * The documentation shows lists without names, so what may be ours is asked for its name. Where
 * that is not told either, only the address counts: the SID in a file may be copied from another
 * stage's.
 */
async function isOwn(setup: Setup, webhook: InteractionWebhook): Promise<boolean> {
  const { stage, config, webhookUrl, twilio } = setup;
  const { friendly_name, webhook_url, ttid } = webhook;
  if (friendly_name) return friendly_name === nameOf(stage);
  const isAtOurAddress = webhookUrl !== undefined && webhook_url === addressOf(setup);
  if (!isAtOurAddress && ttid !== config.flex.interactionWebhookTtid) return false;
  const name = (await orAbsent(fetchInteractionWebhook(twilio, ttid)))?.friendly_name;
  return name ? name === nameOf(stage) : isAtOurAddress;
}

function editOf(setup: Setup, { webhook_url, webhook_events }: InteractionWebhook) {
  const others = webhook_events.filter((event) => !EVENTS.some((each) => each === event));
  if (others.length > 0) return `edited: it also has the events ${others.join(', ')}`;
  const isElsewhere = setup.webhookUrl !== undefined && webhook_url !== addressOf(setup);
  return isElsewhere ? `it calls another address than ${addressOf(setup)}` : undefined;
}

const addressOf = ({ webhookUrl = '' }: Pick<Setup, 'webhookUrl'>): string =>
  `${webhookUrl}/${WEBHOOK_PATHS.channelUpdate}`;
