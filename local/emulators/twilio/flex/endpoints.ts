/**
 * Flex API v1, as far as it is simulated.
 * Source: OpenAPI document `twilio_flex_v1.json` in npm `@twilio/cli-core`; for interaction
 * webhooks https://www.twilio.com/docs/flex/developer/conversations/register-interactions-webhooks
 */
import { rowsOf } from '../rest/endpoint.ts';
import {
  boolean,
  httpMethod,
  integer,
  json,
  oneOf,
  type Parameter,
  paging,
  sid,
  text,
  url,
} from '../rest/parameter.ts';

export const FLEX_HOST = 'flex-api.twilio.com';

export const INTERACTION_EVENTS = [
  'onInteractionCreated',
  'onChannelCreated',
  'onChannelCreateFailed',
  'onChannelStatusUpdated',
  'onParticipantJoined',
  'onParticipantLeft',
  'onParticipantUpdated',
] as const;

const row = rowsOf(FLEX_HOST, '/v1');

const MAX_RETRIES = 3;

const flexFlow = (required: boolean): Parameter[] => [
  text('FriendlyName', undefined, { required }),
  sid('ChatServiceSid', 'IS', { required }),
  oneOf('ChannelType', ['web', 'sms', 'facebook', 'whatsapp', 'line', 'custom'], { required }),
  text('ContactIdentity'),
  boolean('Enabled'),
  oneOf('IntegrationType', ['studio', 'external', 'task']),
  sid('Integration.FlowSid', 'FW'),
  url('Integration.Url'),
  sid('Integration.WorkspaceSid', 'WS'),
  sid('Integration.WorkflowSid', 'WW'),
  text('Integration.Channel'),
  integer('Integration.Timeout', 0),
  integer('Integration.Priority', 0),
  boolean('Integration.CreationOnMessage'),
  integer('Integration.RetryCount', 0, MAX_RETRIES),
  boolean('LongLived'),
  boolean('JanitorEnabled'),
];

/** Two of them are spelt in two ways by the page that documents them. */
const interactionWebhook = [
  url('WebhookUrl'),
  oneOf('WebhookEvents', INTERACTION_EVENTS, { repeated: true }),
  oneOf('Filters', INTERACTION_EVENTS, { repeated: true }),
  httpMethod('WebhookMethod'),
  httpMethod('Method'),
  oneOf('Type', ['global', 'interaction']),
  text('FriendlyName'),
];

const CHANNELS = '/Interactions/{InteractionSid}/Channels';
const WEBHOOKS = '/Instances/{InstanceSid}/InteractionWebhooks';

export const FLEX_ENDPOINTS = [
  row('createInteraction', 'POST', '/Interactions', 200, [
    json('Channel', undefined, { required: true, errorCode: 45366 }),
    json('Routing', undefined, { errorCode: 45366 }),
    text('WebhookTtid'),
  ]),
  row('fetchInteraction', 'GET', '/Interactions/{Sid}', 200),
  row('listInteractionChannels', 'GET', CHANNELS, 200, paging(1000)),
  row('fetchInteractionChannel', 'GET', `${CHANNELS}/{Sid}`, 200),
  row('updateInteractionChannel', 'POST', `${CHANNELS}/{Sid}`, 200, [
    oneOf('Status', ['closed', 'inactive'], { required: true, errorCode: 45358 }),
    json('Routing', undefined, { errorCode: 45366 }),
  ]),

  row(
    'listInteractionParticipants',
    'GET',
    `${CHANNELS}/{ChannelSid}/Participants`,
    200,
    paging(1000),
  ),
  row('updateInteractionParticipant', 'POST', `${CHANNELS}/{ChannelSid}/Participants/{Sid}`, 200, [
    oneOf('Status', ['closed', 'wrapup'], { required: true }),
  ]),
  row('createInteractionInvite', 'POST', `${CHANNELS}/{ChannelSid}/Invites`, 200, [
    json('Routing', undefined, { required: true, errorCode: 45366 }),
  ]),

  row('createInteractionWebhook', 'POST', WEBHOOKS, 201, interactionWebhook),
  row('listInteractionWebhooks', 'GET', WEBHOOKS, 200, [
    oneOf('type', ['global', 'interaction']),
    ...paging(1000),
  ]),
  row('fetchInteractionWebhook', 'GET', `${WEBHOOKS}/{Ttid}`, 200),
  row('updateInteractionWebhook', 'POST', `${WEBHOOKS}/{Ttid}`, 200, interactionWebhook),
  row('deleteInteractionWebhook', 'DELETE', `${WEBHOOKS}/{Ttid}`, 204),

  row('createFlexFlow', 'POST', '/FlexFlows', 201, flexFlow(true)),
  row('listFlexFlows', 'GET', '/FlexFlows', 200, [text('FriendlyName'), ...paging(1000)]),
  row('fetchFlexFlow', 'GET', '/FlexFlows/{Sid}', 200),
  row('updateFlexFlow', 'POST', '/FlexFlows/{Sid}', 200, flexFlow(false)),
  row('deleteFlexFlow', 'DELETE', '/FlexFlows/{Sid}', 204),

  row('createFlexChannel', 'POST', '/Channels', 201, [
    sid('FlexFlowSid', 'FO', { required: true }),
    text('Identity', 256, { required: true }),
    text('ChatUserFriendlyName', 256, { required: true }),
    text('ChatFriendlyName', 256, { required: true }),
    text('Target'),
    text('ChatUniqueName', 256),
    json('PreEngagementData'),
    sid('TaskSid', 'WT'),
    json('TaskAttributes'),
    boolean('LongLived'),
  ]),
  row('listFlexChannels', 'GET', '/Channels', 200, paging(1000)),
  row('fetchFlexChannel', 'GET', '/Channels/{Sid}', 200),
  row('deleteFlexChannel', 'DELETE', '/Channels/{Sid}', 204),

  row('fetchFlexConfiguration', 'GET', '/Configuration', 200, [text('UiVersion')]),
] as const;

export type FlexOperation = (typeof FLEX_ENDPOINTS)[number]['operation'];
