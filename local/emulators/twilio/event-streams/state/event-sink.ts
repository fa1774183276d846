import { badRequest, TwilioError } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import type { EventSink, EventSubscription } from '../model.ts';
import { EVENT_TYPES, TASKROUTER_SCHEMA_VERSION } from './event-type.ts';

/** @throws TwilioError 20001 for a configuration that leads nowhere. */
export function addSink(world: World, description: string, configuration: unknown): EventSink {
  const { destination, method } = Object(configuration) as Record<string, unknown>;
  const isUrl = typeof destination === 'string' && /^https?:\/\/[^/?#]/.test(destination);
  if (!isUrl || !URL.canParse(destination)) {
    throw badRequest('Invalid parameter SinkConfiguration: destination is no http or https URL');
  }
  if (method === 'GET') throw badRequest('SinkConfiguration: only the method POST is simulated');
  if (method !== 'POST') {
    throw badRequest('Invalid parameter SinkConfiguration: method is POST or GET');
  }
  const nowMs = world.nowMs();
  const sink: EventSink = {
    sid: world.newSid('DG'),
    description,
    destination,
    status: 'active',
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  world.eventSinks.set(sink.sid, sink);
  return sink;
}

/** @throws TwilioError 91007 while a subscription leads there. */
export function removeSink(world: World, { sid }: EventSink): void {
  if ([...world.eventSubscriptions.values()].some(({ sinkSid }) => sinkSid === sid)) {
    throw new TwilioError(400, 91007, 'Sink cannot be deleted because it is still in use');
  }
  world.eventSinks.delete(sid);
}

/** @throws TwilioError 20001 for a sink that is absent or not active, or a type that does not exist. */
export function addSubscription(
  world: World,
  { description, sinkSid, types }: Pick<EventSubscription, 'description' | 'sinkSid' | 'types'>,
): EventSubscription {
  if (world.eventSinks.get(sinkSid)?.status !== 'active') {
    throw badRequest(`Invalid parameter SinkSid: ${sinkSid} is no active sink`);
  }
  for (const [type, version] of types) assertType(type, version);
  const nowMs = world.nowMs();
  const subscription: EventSubscription = {
    sid: world.newSid('DF'),
    sinkSid,
    description,
    types,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  world.eventSubscriptions.set(subscription.sid, subscription);
  return subscription;
}

/** @throws TwilioError 20001. */
export function assertType(type: string, version: number): void {
  if (!EVENT_TYPES.includes(type)) throw badRequest(`${type} is no type of event`);
  if (!Number.isInteger(version) || version < 1 || version > TASKROUTER_SCHEMA_VERSION) {
    throw badRequest(`${type} has no schema version ${version}`);
  }
}
