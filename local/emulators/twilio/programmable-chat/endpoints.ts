/**
 * Programmable Chat v2, as far as it is simulated. What is missing here is refused as unknown.
 * Source: OpenAPI document `twilio_chat_v2.json` in npm `@twilio/cli-core`; sizes from
 * https://www.twilio.com/docs/chat/chat-limits
 */
import { rowsOf } from '../rest/endpoint.ts';
import {
  clearableUrl,
  httpMethod,
  integer,
  json,
  oneOf,
  paging,
  sid,
  text,
  textOfBytes,
  time,
  url,
} from '../rest/parameter.ts';

export const CHAT_HOST = 'chat.twilio.com';

/** Events after the fact; only these reach channel webhooks and the post-event webhook. */
export const CHAT_POST_EVENTS = [
  'onMessageSent',
  'onMediaMessageSent',
  'onMessageUpdated',
  'onMessageRemoved',
  'onChannelAdded',
  'onChannelUpdated',
  'onChannelDestroyed',
  'onMemberAdded',
  'onMemberUpdated',
  'onMemberRemoved',
  'onUserAdded',
  'onUserUpdated',
] as const;

const CHAT_PRE_EVENTS = [
  'onMessageSend',
  'onMediaMessageSend',
  'onMessageUpdate',
  'onMessageRemove',
  'onChannelAdd',
  'onChannelUpdate',
  'onChannelDestroy',
  'onMemberAdd',
  'onMemberRemove',
  'onUserUpdate',
] as const;

const KB = 1024;
const MAX_RETRIES = 3;

const row = rowsOf(
  CHAT_HOST,
  '/v2/Services',
  (method, path) =>
    method !== 'GET' &&
    path !== '/{Sid}' &&
    !path.includes('/Webhooks') &&
    // Of users, their removal alone is silent whatever is asked.
    !(method === 'DELETE' && path.includes('/Users')),
);

const attributes = (maxBytes: number) => json('Attributes', maxBytes, { errorCode: 50304 });

const channel = [
  text('FriendlyName', 256),
  text('UniqueName', 256),
  attributes(16 * KB),
  time('DateCreated'),
  time('DateUpdated'),
];

const member = [
  sid('RoleSid', 'RL'),
  attributes(4 * KB),
  integer('LastConsumedMessageIndex', 0),
  time('LastConsumptionTimestamp'),
];

const newMessage = () => [...message, sid('MediaSid', 'ME')];

const message = [
  text('From', 256),
  textOfBytes('Body', 32 * KB, { errorCode: 50504 }),
  attributes(4 * KB),
  time('DateCreated'),
  time('DateUpdated'),
];

const user = [text('FriendlyName', 256), attributes(4 * KB), sid('RoleSid', 'RL')];

const webhook = [
  url('Configuration.Url'),
  httpMethod('Configuration.Method'),
  oneOf('Configuration.Filters', CHAT_POST_EVENTS, { repeated: true }),
  text('Configuration.Triggers', undefined, { repeated: true }),
  sid('Configuration.FlowSid', 'FW'),
  integer('Configuration.RetryCount', 0, MAX_RETRIES),
];

const service = [
  text('FriendlyName', 256),
  clearableUrl('PreWebhookUrl'),
  clearableUrl('PostWebhookUrl'),
  httpMethod('WebhookMethod'),
  oneOf('WebhookFilters', [...CHAT_POST_EVENTS, ...CHAT_PRE_EVENTS], { repeated: true }),
  integer('PreWebhookRetryCount', 0),
  integer('PostWebhookRetryCount', 0),
];

const CHANNELS = '/{ServiceSid}/Channels';
const MEMBERS = `${CHANNELS}/{ChannelSid}/Members`;
const MESSAGES = `${CHANNELS}/{ChannelSid}/Messages`;
const WEBHOOKS = `${CHANNELS}/{ChannelSid}/Webhooks`;
const USERS = '/{ServiceSid}/Users';

export const PROGRAMMABLE_CHAT_ENDPOINTS = [
  row('fetchService', 'GET', '/{Sid}', 200),
  row('updateService', 'POST', '/{Sid}', 200, service),

  row('createChannel', 'POST', CHANNELS, 201, [...channel, oneOf('Type', ['public', 'private'])]),
  row('listChannels', 'GET', CHANNELS, 200, paging(100)),
  row('fetchChannel', 'GET', `${CHANNELS}/{Sid}`, 200),
  row('updateChannel', 'POST', `${CHANNELS}/{Sid}`, 200, channel),
  row('deleteChannel', 'DELETE', `${CHANNELS}/{Sid}`, 204),

  row('createMember', 'POST', MEMBERS, 201, [text('Identity', 256, { required: true }), ...member]),
  row('listMembers', 'GET', MEMBERS, 200, [
    text('Identity', 256, { repeated: true }),
    ...paging(100),
  ]),
  row('fetchMember', 'GET', `${MEMBERS}/{Sid}`, 200),
  row('updateMember', 'POST', `${MEMBERS}/{Sid}`, 200, member),
  row('deleteMember', 'DELETE', `${MEMBERS}/{Sid}`, 204),

  row('createMessage', 'POST', MESSAGES, 201, newMessage()),
  row('listMessages', 'GET', MESSAGES, 200, [oneOf('Order', ['asc', 'desc']), ...paging(100)]),
  row('fetchMessage', 'GET', `${MESSAGES}/{Sid}`, 200),
  row('updateMessage', 'POST', `${MESSAGES}/{Sid}`, 200, message),
  row('deleteMessage', 'DELETE', `${MESSAGES}/{Sid}`, 204),

  row('createChannelWebhook', 'POST', WEBHOOKS, 201, [
    oneOf('Type', ['webhook', 'trigger', 'studio'], { required: true }),
    ...webhook,
  ]),
  row('listChannelWebhooks', 'GET', WEBHOOKS, 200, paging(5)),
  row('fetchChannelWebhook', 'GET', `${WEBHOOKS}/{Sid}`, 200),
  row('updateChannelWebhook', 'POST', `${WEBHOOKS}/{Sid}`, 200, webhook),
  row('deleteChannelWebhook', 'DELETE', `${WEBHOOKS}/{Sid}`, 204),

  row('createChatUser', 'POST', USERS, 201, [text('Identity', 256, { required: true }), ...user]),
  row('listChatUsers', 'GET', USERS, 200, paging(100)),
  row('fetchChatUser', 'GET', `${USERS}/{Sid}`, 200),
  row('updateChatUser', 'POST', `${USERS}/{Sid}`, 200, user),
  row('deleteChatUser', 'DELETE', `${USERS}/{Sid}`, 204),
] as const;

export type ProgrammableChatOperation = (typeof PROGRAMMABLE_CHAT_ENDPOINTS)[number]['operation'];
