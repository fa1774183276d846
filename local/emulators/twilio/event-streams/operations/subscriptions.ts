import { Answered, type Call, found, type Operation } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { badRequest } from '../../rest/twilio-error.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { EVENTS_HOST } from '../endpoints.ts';
import type { EventSubscription } from '../model.ts';
import { addSubscription, assertType } from '../state/event-sink.ts';
import { TASKROUTER_SCHEMA_VERSION } from '../state/event-type.ts';

type SubscribedEvent = readonly [type: string, version: number];

/** Subscriptions and the types of events in each. */
export function eventSubscriptionOperations(world: World) {
  const subscriptionOf = (call: Call): EventSubscription =>
    found(
      world.eventSubscriptions.get(call.path['SubscriptionSid'] ?? call.path['Sid'] ?? ''),
      call,
    );
  const render = (subscription: EventSubscription) => toJson(world, subscription);
  const eventOf = (call: Call): SubscribedEvent => {
    const type = call.path['Type'] ?? '';
    return [type, found(subscriptionOf(call).types.get(type), call)];
  };
  const write = (call: Call, type: string): ReturnType<typeof eventJson> => {
    const subscription = subscriptionOf(call);
    const version = call.parameters.integer('SchemaVersion') ?? TASKROUTER_SCHEMA_VERSION;
    assertType(type, version);
    subscription.types.set(type, version);
    subscription.updatedAtMs = world.nowMs();
    return eventJson(world, subscription, [type, version]);
  };
  return {
    createSubscription: ({ parameters }) =>
      render(
        addSubscription(world, {
          description: parameters.text('Description') ?? '',
          sinkSid: parameters.text('SinkSid') ?? '',
          types: new Map(parameters.list('Types')?.map(parseType)),
        }),
      ),
    listSubscriptions: (call) => {
      const sink = call.parameters.text('SinkSid');
      const listed = [...world.eventSubscriptions.values()].filter(
        ({ sinkSid }) => sink === undefined || sinkSid === sink,
      );
      return pageOf(call, 'subscriptions', listed, ({ sid }) => sid, render);
    },
    fetchSubscription: (call) => render(subscriptionOf(call)),
    updateSubscription: (call) => {
      const subscription = subscriptionOf(call);
      subscription.description = call.parameters.text('Description') ?? subscription.description;
      subscription.updatedAtMs = world.nowMs();
      return render(subscription);
    },
    deleteSubscription: (call) => void world.eventSubscriptions.delete(subscriptionOf(call).sid),

    createSubscribedEvent: (call) => {
      const type = call.parameters.text('Type') ?? '';
      const isThere = subscriptionOf(call).types.has(type);
      return new Answered(isThere ? 200 : 201, write(call, type));
    },
    listSubscribedEvents: (call) => {
      const subscription = subscriptionOf(call);
      return pageOf(
        call,
        'types',
        [...subscription.types],
        ([type]) => type,
        (event) => eventJson(world, subscription, event),
      );
    },
    fetchSubscribedEvent: (call) => eventJson(world, subscriptionOf(call), eventOf(call)),
    updateSubscribedEvent: (call) => write(call, eventOf(call)[0]),
    deleteSubscribedEvent: (call) => void subscriptionOf(call).types.delete(eventOf(call)[0]),
  } satisfies Record<string, Operation>;
}

/** @throws TwilioError 20001. */
function parseType(text: string): SubscribedEvent {
  const { type, schema_version: version } = Object(JSON.parse(text)) as Record<string, unknown>;
  if (typeof type !== 'string') throw badRequest('Invalid parameter Types: type is missing');
  // Whether the newest would be meant without it is not documented.
  if (typeof version !== 'number') {
    throw badRequest('Invalid parameter Types: schema_version is missing');
  }
  return [type, version];
}

const urlOf = ({ sid }: EventSubscription) => `https://${EVENTS_HOST}/v1/Subscriptions/${sid}`;

function toJson({ account }: World, subscription: EventSubscription) {
  const url = urlOf(subscription);
  return {
    sid: subscription.sid,
    account_sid: account.accountSid,
    sink_sid: subscription.sinkSid,
    description: subscription.description,
    date_created: isoSeconds(subscription.createdAtMs),
    date_updated: isoSeconds(subscription.updatedAtMs),
    url,
    links: { subscribed_events: `${url}/SubscribedEvents` },
  };
}

function eventJson(
  { account }: World,
  subscription: EventSubscription,
  [type, version]: SubscribedEvent,
) {
  return {
    account_sid: account.accountSid,
    subscription_sid: subscription.sid,
    type,
    schema_version: version,
    url: `${urlOf(subscription)}/SubscribedEvents/${type}`,
  };
}
