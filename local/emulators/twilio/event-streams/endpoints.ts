/**
 * Event Streams v1, as far as it is simulated.
 * Source: OpenAPI document `twilio_events_v1.json` in npm `@twilio/cli-core`.
 */
import { rowsOf } from '../rest/endpoint.ts';
import { boolean, integer, json, oneOf, paging, sid, text } from '../rest/parameter.ts';

export const EVENTS_HOST = 'events.twilio.com';

const row = rowsOf(EVENTS_HOST, '/v1');

const SUBSCRIBED = '/Subscriptions/{SubscriptionSid}/SubscribedEvents';

export const EVENTS_ENDPOINTS = [
  row('createSink', 'POST', '/Sinks', 201, [
    text('Description', undefined, { required: true }),
    json('SinkConfiguration', undefined, { required: true }),
    oneOf('SinkType', ['kinesis', 'webhook', 'segment', 'email'], { required: true }),
  ]),
  row('listSinks', 'GET', '/Sinks', 200, [boolean('InUse'), text('Status'), ...paging(1000)]),
  row('fetchSink', 'GET', '/Sinks/{Sid}', 200),
  row('updateSink', 'POST', '/Sinks/{Sid}', 200, [
    text('Description', undefined, { required: true }),
  ]),
  row('deleteSink', 'DELETE', '/Sinks/{Sid}', 204),
  row('testSink', 'POST', '/Sinks/{Sid}/Test', 201),
  row('validateSink', 'POST', '/Sinks/{Sid}/Validate', 201, [
    text('TestId', undefined, { required: true }),
  ]),

  row('createSubscription', 'POST', '/Subscriptions', 201, [
    text('Description', undefined, { required: true }),
    sid('SinkSid', 'DG', { required: true }),
    json('Types', undefined, { required: true, repeated: true }),
  ]),
  row('listSubscriptions', 'GET', '/Subscriptions', 200, [sid('SinkSid', 'DG'), ...paging(1000)]),
  row('fetchSubscription', 'GET', '/Subscriptions/{Sid}', 200),
  row('updateSubscription', 'POST', '/Subscriptions/{Sid}', 200, [text('Description')]),
  row('deleteSubscription', 'DELETE', '/Subscriptions/{Sid}', 204),

  row('createSubscribedEvent', 'POST', SUBSCRIBED, 201, [
    text('Type', undefined, { required: true }),
    integer('SchemaVersion', 1),
  ]),
  row('listSubscribedEvents', 'GET', SUBSCRIBED, 200, paging(1000)),
  row('fetchSubscribedEvent', 'GET', `${SUBSCRIBED}/{Type}`, 200),
  row('updateSubscribedEvent', 'POST', `${SUBSCRIBED}/{Type}`, 200, [integer('SchemaVersion', 1)]),
  row('deleteSubscribedEvent', 'DELETE', `${SUBSCRIBED}/{Type}`, 204),

  row('listEventTypes', 'GET', '/Types', 200, [text('SchemaId'), ...paging(1000)]),
  row('fetchEventType', 'GET', '/Types/{Type}', 200),
] as const;

export type EventsOperation = (typeof EVENTS_ENDPOINTS)[number]['operation'];
