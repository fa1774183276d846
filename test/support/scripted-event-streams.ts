/** Event Streams of a scripted Twilio account. */
import {
  type Json,
  list,
  newSid,
  on,
  type Route,
  type ScriptedAccount,
} from './scripted-shapes.ts';

const SINKS = '^/events\\.twilio\\.com/v1/Sinks';
const SUBSCRIPTIONS = '^/events\\.twilio\\.com/v1/Subscriptions';

export const EVENT_ROUTES: readonly Route[] = [
  on('GET', SINKS, ({ account }) => list('sinks', account.sinks.values())),
  on('POST', SINKS, ({ account: { sinks }, form }) => {
    const sink = {
      sid: newSid('DG', sinks),
      description: form.get('Description'),
      sink_configuration: JSON.parse(form.get('SinkConfiguration') ?? ''),
      sink_type: form.get('SinkType'),
      status: 'active',
    };
    sinks.set(sink.sid, sink);
    return sink;
  }),
  on('DELETE', `${SINKS}/(\\w+)`, ({ account, path }) => account.sinks.delete(path[0] ?? '')),

  on('GET', SUBSCRIPTIONS, ({ account, query }) =>
    list(
      'subscriptions',
      [...account.subscriptions.values()].filter(
        ({ sink_sid }) => sink_sid === query.get('SinkSid'),
      ),
    ),
  ),
  on('POST', SUBSCRIPTIONS, ({ account: { subscriptions }, form }) => {
    const types = form.getAll('Types').map((text) => JSON.parse(text));
    const subscription = {
      sid: newSid('DF', subscriptions),
      sink_sid: form.get('SinkSid'),
      description: form.get('Description'),
      types: new Map(types.map((event) => [event.type, event])),
    };
    subscriptions.set(subscription.sid, subscription);
    return subscription;
  }),
  on('DELETE', `${SUBSCRIPTIONS}/(\\w+)`, ({ account, path }) =>
    account.subscriptions.delete(path[0] ?? ''),
  ),
  on('GET', `${SUBSCRIPTIONS}/(\\w+)/SubscribedEvents`, ({ account, path }) =>
    list('types', typesOf(account, path[0]).values()),
  ),
  on('POST', `${SUBSCRIPTIONS}/(\\w+)/SubscribedEvents`, ({ account, path, form }) => {
    const event = { type: form.get('Type'), schema_version: Number(form.get('SchemaVersion')) };
    typesOf(account, path[0]).set(event.type ?? '', event);
    return event;
  }),
  on('DELETE', `${SUBSCRIPTIONS}/(\\w+)/SubscribedEvents/([\\w.-]+)`, ({ account, path }) =>
    typesOf(account, path[0]).delete(path[1] ?? ''),
  ),
];

const typesOf = ({ subscriptions }: ScriptedAccount, sid = ''): Map<string, Json> =>
  subscriptions.get(sid).types;
