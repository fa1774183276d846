/**
 * Conversations v1, as far as it is simulated. What is missing here is refused as unknown.
 * Source: OpenAPI document `twilio_conversations_v1.json` in npm `@twilio/cli-core`; sizes from
 * https://www.twilio.com/docs/conversations-classic/conversations-limits
 */
import { type Endpoint, rowsOf } from '../rest/endpoint.ts';
import {
  clearableUrl,
  duration,
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

export const CONVERSATIONS_HOST = 'conversations.twilio.com';

/** Events that happen after the fact; pre-action events exist on service level only. */
const POST_ACTION_EVENTS = [
  'onMessageAdded',
  'onMessageUpdated',
  'onMessageRemoved',
  'onConversationAdded',
  'onConversationUpdated',
  'onConversationRemoved',
  'onConversationStateUpdated',
  'onParticipantAdded',
  'onParticipantUpdated',
  'onParticipantRemoved',
  'onDeliveryUpdated',
  'onUserAdded',
  'onUserUpdated',
] as const;

const MINUTE_MS = 60_000;
const KB = 1024;

const row = rowsOf(
  CONVERSATIONS_HOST,
  '',
  (method, path) =>
    method !== 'GET' && !path.includes('/Webhooks') && !path.includes('/Configuration'),
);

const attributes = (maxBytes: number) => json('Attributes', maxBytes, { errorCode: 50304 });

const conversation = [
  text('FriendlyName', 256),
  text('UniqueName', 256),
  attributes(16 * KB),
  oneOf('State', ['initializing', 'inactive', 'active', 'closed']),
  duration('Timers.Inactive', MINUTE_MS, 50375),
  duration('Timers.Closed', 10 * MINUTE_MS, 50376),
  time('DateCreated'),
  time('DateUpdated'),
];

const newMessage = () => [
  ...message,
  sid('MediaSid', 'ME'),
  sid('ContentSid', 'HX'),
  text('ContentVariables'),
];

const message = [
  text('Author', 256),
  textOfBytes('Body', 32 * KB, { errorCode: 50504 }),
  attributes(4 * KB),
  time('DateCreated'),
  time('DateUpdated'),
];

const participant = [text('Identity', 256), attributes(4 * KB), sid('RoleSid', 'RL')];

const user = [text('FriendlyName', 256), attributes(4 * KB), sid('RoleSid', 'RL')];

const webhook = [
  url('Configuration.Url'),
  httpMethod('Configuration.Method'),
  oneOf('Configuration.Filters', POST_ACTION_EVENTS, { repeated: true }),
  text('Configuration.Triggers', undefined, { repeated: true }),
  sid('Configuration.FlowSid', 'FW'),
];

const PRE_ACTION_EVENTS = [
  'onMessageAdd',
  'onMessageUpdate',
  'onMessageRemove',
  'onConversationAdd',
  'onConversationUpdate',
  'onConversationRemove',
  'onParticipantAdd',
  'onParticipantUpdate',
  'onParticipantRemove',
  'onUserUpdate',
] as const;

/** Webhooks of a whole service or account. */
const postWebhook = [
  clearableUrl('PreWebhookUrl'),
  clearableUrl('PostWebhookUrl'),
  httpMethod('Method'),
  oneOf('Filters', [...POST_ACTION_EVENTS, ...PRE_ACTION_EVENTS], { repeated: true }),
];

const CONVERSATIONS = '/Conversations';
const MESSAGES = '/Conversations/{ConversationSid}/Messages';
const PARTICIPANTS = '/Conversations/{ConversationSid}/Participants';
const WEBHOOKS = '/Conversations/{ConversationSid}/Webhooks';

const inEachService = [
  row('createConversation', 'POST', CONVERSATIONS, 201, conversation),
  row('listConversations', 'GET', CONVERSATIONS, 200, [
    oneOf('State', ['initializing', 'inactive', 'active', 'closed']),
    ...paging(100),
  ]),
  row('fetchConversation', 'GET', `${CONVERSATIONS}/{Sid}`, 200),
  row('updateConversation', 'POST', `${CONVERSATIONS}/{Sid}`, 200, conversation),
  row('deleteConversation', 'DELETE', `${CONVERSATIONS}/{Sid}`, 204),

  row('createMessage', 'POST', MESSAGES, 201, newMessage()),
  row('listMessages', 'GET', MESSAGES, 200, [oneOf('Order', ['asc', 'desc']), ...paging(100)]),
  row('fetchMessage', 'GET', `${MESSAGES}/{Sid}`, 200),
  row('updateMessage', 'POST', `${MESSAGES}/{Sid}`, 200, message),
  row('deleteMessage', 'DELETE', `${MESSAGES}/{Sid}`, 204),

  row('createParticipant', 'POST', PARTICIPANTS, 201, participant),
  row('listParticipants', 'GET', PARTICIPANTS, 200, paging(100)),
  row('fetchParticipant', 'GET', `${PARTICIPANTS}/{Sid}`, 200),
  row('updateParticipant', 'POST', `${PARTICIPANTS}/{Sid}`, 200, [
    attributes(4 * KB),
    sid('RoleSid', 'RL'),
    integer('LastReadMessageIndex', 0),
    time('LastReadTimestamp'),
  ]),
  row('deleteParticipant', 'DELETE', `${PARTICIPANTS}/{Sid}`, 204),

  row('createWebhook', 'POST', WEBHOOKS, 201, [
    oneOf('Target', ['webhook', 'trigger', 'studio'], { required: true }),
    ...webhook,
    integer('Configuration.ReplayAfter', 0),
  ]),
  row('listWebhooks', 'GET', WEBHOOKS, 200, paging(5)),
  row('fetchWebhook', 'GET', `${WEBHOOKS}/{Sid}`, 200),
  row('updateWebhook', 'POST', `${WEBHOOKS}/{Sid}`, 200, webhook),
  row('deleteWebhook', 'DELETE', `${WEBHOOKS}/{Sid}`, 204),

  row('createUser', 'POST', '/Users', 201, [text('Identity', 256, { required: true }), ...user]),
  row('listUsers', 'GET', '/Users', 200, paging(50)),
  row('fetchUser', 'GET', '/Users/{Sid}', 200),
  row('updateUser', 'POST', '/Users/{Sid}', 200, user),
  row('deleteUser', 'DELETE', '/Users/{Sid}', 204),

  row('listParticipantConversations', 'GET', '/ParticipantConversations', 200, [
    text('Identity', 256),
    text('Address'),
    ...paging(50),
  ]),
];

type ServiceOperation = (typeof inEachService)[number]['operation'];
export type ConversationsOperation = ServiceOperation | (typeof onceOnly)[number]['operation'];

const ACCOUNT_WEBHOOKS = '/v1/Configuration/Webhooks';
const SERVICE_WEBHOOKS = '/v1/Services/{ChatServiceSid}/Configuration/Webhooks';

const onceOnly = [
  row('fetchConfiguration', 'GET', '/v1/Configuration', 200),
  row('fetchConversationService', 'GET', '/v1/Services/{Sid}', 200),
  row('fetchAccountWebhook', 'GET', ACCOUNT_WEBHOOKS, 200),
  row('updateAccountWebhook', 'POST', ACCOUNT_WEBHOOKS, 200, [
    ...postWebhook,
    oneOf('Target', ['webhook']),
  ]),
  row('fetchServiceWebhook', 'GET', SERVICE_WEBHOOKS, 200),
  row('updateServiceWebhook', 'POST', SERVICE_WEBHOOKS, 200, postWebhook),
];

const under = (prefix: string): Endpoint<ConversationsOperation>[] =>
  inEachService.map((each) => ({ ...each, path: `${prefix}${each.path}` }));

/** Nearly everything exists twice: for the account's default service and for a named one. */
export const CONVERSATIONS_ENDPOINTS: readonly Endpoint<ConversationsOperation>[] = [
  ...under('/v1'),
  ...under('/v1/Services/{ChatServiceSid}'),
  ...onceOnly,
];
