import type { ConversationEvent } from '../conversations/model.ts';
import { presentFields, type WebhookCaller } from '../webhooks/webhook-caller.ts';
import type { World } from '../world/world.ts';
import type { ChannelWebhook } from './model.ts';

type Fields = Readonly<Record<string, string | undefined>>;

/** An event of a conversation as Programmable Chat tells it. */
interface ChannelEvent {
  /** Such as `onMessageSent`. */
  readonly type: string;
  readonly fields: Fields;
}

/**
 * Calls the webhooks of channels and the post-event webhook of the chat service.
 * Source: https://www.twilio.com/docs/chat/webhook-events
 */
export function callChannelWebhooks(world: World, caller: WebhookCaller): void {
  world.subscribers.push((event) => {
    const { channelWebhooks } = event.conversation;
    const told = channelWebhooks.length > 0 ? channelEvent(world, event) : undefined;
    if (told === undefined || event.onlyForWebhook !== undefined) return;
    for (const webhook of channelWebhooks) {
      if (!listens(webhook, told)) continue;
      const { url = '', method, retryCount = 0 } = webhook.configuration;
      caller.call({
        webhookSid: webhook.sid,
        url,
        method: method === 'GET' ? 'get' : 'post',
        form: presentFields({
          ...told.fields,
          WebhookType: webhook.type,
          WebhookSid: webhook.sid,
        }),
        retries: retryCount,
      });
    }
  });
  world.serviceSubscribers.push((event) => callService(world, caller, event));
}

/** Hears of every channel, also of what Studio's widgets say. */
function callService(world: World, caller: WebhookCaller, event: ConversationEvent): void {
  const { postWebhookUrl, webhookFilters, webhookMethod, postWebhookRetryCount } =
    world.chatService;
  const told = channelEvent(world, event);
  if (postWebhookUrl === '' || event.onlyForWebhook !== undefined || told === undefined) return;
  if (!webhookFilters.includes(told.type)) return;
  caller.call({
    webhookSid: world.account.chatServiceSid,
    url: postWebhookUrl,
    method: webhookMethod === 'GET' ? 'get' : 'post',
    form: presentFields(told.fields),
    retries: postWebhookRetryCount,
    delayMs: world.chatServiceWebhookDelayMs,
  });
}

/** As for webhooks of conversations: one without filters hears nothing. */
function listens({ type, configuration }: ChannelWebhook, event: ChannelEvent): boolean {
  const { filters = [], triggers = [] } = configuration;
  if (type === 'webhook') return filters.includes(event.type);
  if (type === 'studio' || event.type !== 'onMessageSent') return false;
  return triggers.some((word) => event.fields['Body']?.includes(word));
}

const TYPES: Readonly<Record<string, string>> = {
  onMessageAdded: 'onMessageSent',
  onMessageUpdated: 'onMessageUpdated',
  onMessageRemoved: 'onMessageRemoved',
  onConversationAdded: 'onChannelAdded',
  onConversationUpdated: 'onChannelUpdated',
  onConversationRemoved: 'onChannelDestroyed',
  onParticipantAdded: 'onMemberAdded',
  onParticipantUpdated: 'onMemberUpdated',
  onParticipantRemoved: 'onMemberRemoved',
};

/** Fields that are the same but for the name. */
const NAMES: Readonly<Record<string, string>> = {
  ConversationSid: 'ChannelSid',
  Author: 'From',
  LastReadMessageIndex: 'LastConsumedMessageIndex',
};

const UNKNOWN_TO_CHANNELS = [
  'MessagingServiceSid',
  'State',
  'Media',
  'MessagingBinding.Type',
  'ParticipantSid',
];

/**
 * Common fields included, those of the single webhook not.
 * @returns undefined for what Programmable Chat has no event for.
 */
export function channelEvent(world: World, event: ConversationEvent): ChannelEvent | undefined {
  const media = mediaOf(event);
  const type = media ? 'onMediaMessageSent' : TYPES[event.type];
  if (type === undefined) return undefined;
  const renamed = Object.entries(event.fields)
    .filter(([name]) => !UNKNOWN_TO_CHANNELS.includes(name))
    .map(([name, value]) => [NAMES[name] ?? name, value]);
  return {
    type,
    fields: {
      EventType: type,
      AccountSid: world.account.accountSid,
      InstanceSid: event.conversation.serviceSid,
      Source: event.actor.source,
      ClientIdentity: event.actor.clientIdentity,
      RetryCount: '0',
      ...Object.fromEntries(renamed),
      ...ownFields(type, event),
      ...media,
    },
  };
}

/** What Programmable Chat tells beyond Conversations. */
function ownFields(type: string, { conversation, fields }: ConversationEvent): Fields {
  if (type.startsWith('onMember')) return { MemberSid: fields['ParticipantSid'] };
  if (type.startsWith('onMessage')) return { Body: fields['Body'] ?? '' };
  if (type.startsWith('onChannel')) {
    return { ChannelType: conversation.channelType, CreatedBy: 'system' };
  }
  return {};
}

/** A message with media fires an event of its own, with an empty body. */
function mediaOf({ type, fields }: ConversationEvent): Fields | undefined {
  const { Media } = fields;
  if (type !== 'onMessageAdded' || Media === undefined) return undefined;
  const [first] = JSON.parse(Media);
  return {
    Body: '',
    MediaSid: first.Sid,
    MediaFilename: first.Filename,
    MediaContentType: first.ContentType,
    MediaSize: String(first.Size),
  };
}
