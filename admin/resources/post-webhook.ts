import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import { orAbsent } from '../twilio/client.ts';
import { type Found, type Plan, planOf, type Resource, type Setup } from './resource.ts';

interface FoundService extends Found {
  readonly postWebhookUrl: string;
  readonly preWebhookUrl: string;
  readonly method: string;
  readonly filters: readonly string[];
}

/** Without the last two customers see changes of a flow's messages with the next reading of the chat. */
const EVENTS = ['onMessageSent', 'onMessageUpdated', 'onMessageRemoved'];

/**
 * The chat service's own webhook after each message, and after each change of one. Messages of Studio's widgets reach no
 * webhook of a conversation, but they reach this one, some seconds later.
 */
export const postWebhook: Resource<FoundService> = {
  name: 'Chat service webhook',
  needsWebhookUrl: true,
  // Unconfirmed for channels of Programmable Chat. Should a message come twice, it is shown once.
  isNeeded: ({ flex }) => flex.routing.type === 'studio',

  find,

  async findOurs(setup) {
    const found = await find(setup);
    return found?.isOurs ? [found] : [];
  },

  async plan(setup, found) {
    if (found === undefined) {
      return {
        action: 'conflict',
        detail: `the account has no chat service ${setup.config.twilio.chatServiceSid}`,
        cure: 'correct twilio.chatServiceSid; flex-channel doctor tells which one Flex uses',
      };
    }
    return conflictOf(found) ?? planFor(setup, found);
  },

  async apply(setup, found) {
    const sid = setup.config.twilio.chatServiceSid;
    await setup.twilio.chat.v2.services(sid).update({
      postWebhookUrl: addressOf(setup),
      webhookMethod: 'POST',
      // The list also serves the webhook before each event, so what is there stays.
      webhookFilters: [...new Set([...(found?.filters ?? []), ...EVENTS])],
    });
    return sid;
  },

  async remove({ twilio }, { id, filters }) {
    const others = filters.filter((each) => !EVENTS.includes(each));
    await twilio.chat.v2.services(id).update({
      postWebhookUrl: '',
      ...(others.length > 0 && { webhookFilters: others }),
    });
  },

  fields: () => ({}),
};

async function find(setup: Setup): Promise<FoundService | undefined> {
  const sid = setup.config.twilio.chatServiceSid;
  const service = await orAbsent(setup.twilio.chat.v2.services(sid).fetch());
  if (!service) return undefined;
  const postWebhookUrl = service.postWebhookUrl || '';
  return {
    id: service.sid,
    isOurs: postWebhookUrl !== '' && postWebhookUrl === addressOf(setup),
    detail: postWebhookUrl || 'not set',
    postWebhookUrl,
    preWebhookUrl: service.preWebhookUrl || '',
    method: service.webhookMethod || 'POST',
    filters: service.webhookFilters ?? [],
  };
}

function conflictOf({
  isOurs,
  postWebhookUrl,
  preWebhookUrl,
  method,
}: FoundService): Plan | undefined {
  if (postWebhookUrl !== '' && !isOurs) {
    return {
      action: 'conflict',
      detail: `the service calls ${postWebhookUrl} already, and it can call one address only`,
      cure:
        'clear it (Console > Conversations > Services > Webhooks) if it is out of use, or let its server pass ' +
        'onMessageSent on; or let the flow post through a Function instead of Send Message',
    };
  }
  if (preWebhookUrl !== '' && method.toUpperCase() !== 'POST') {
    return {
      action: 'conflict',
      detail: `the service calls ${preWebhookUrl} with ${method}, and has one method for both webhooks`,
      cure: 'let the server of that address take POST, and set the method to POST',
    };
  }
  return undefined;
}

function planFor(setup: Setup, { isOurs, method, filters, postWebhookUrl }: FoundService): Plan {
  const missing = EVENTS.filter((each) => !filters.includes(each));
  const differing = [
    ...(isOurs ? [] : [`address: nothing becomes ${addressOf(setup)}`]),
    ...(missing.length === 0
      ? []
      : [`events: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} added`]),
    ...(method.toUpperCase() === 'POST' ? [] : [`method: ${method} becomes POST`]),
  ];
  return planOf(differing, postWebhookUrl);
}

const addressOf = ({ webhookUrl = '' }: Setup): string =>
  `${webhookUrl}/${WEBHOOK_PATHS.newMessage}`;
