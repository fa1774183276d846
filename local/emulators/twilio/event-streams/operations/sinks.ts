import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { badRequest } from '../../rest/twilio-error.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { EVENTS_HOST } from '../endpoints.ts';
import type { EventStreams } from '../event-streams.ts';
import type { EventSink } from '../model.ts';
import { addSink, removeSink } from '../state/event-sink.ts';
import { EVENT_TYPES, TASKROUTER_SCHEMA } from '../state/event-type.ts';

const BASE = `https://${EVENTS_HOST}/v1`;

/** Sinks and the types of events. */
export function eventStreamOperations(world: World, streams: EventStreams) {
  const sinkOf = (call: Call): EventSink =>
    found(world.eventSinks.get(call.path['Sid'] ?? ''), call);
  return {
    createSink: ({ parameters }) => {
      const type = parameters.text('SinkType');
      if (type !== 'webhook') throw badRequest(`SinkType ${type} is not simulated`);
      const description = parameters.text('Description') ?? '';
      return toJson(addSink(world, description, parameters.json('SinkConfiguration')));
    },
    listSinks: (call) => {
      const status = call.parameters.text('Status');
      const inUse = call.parameters.boolean('InUse');
      const used = new Set([...world.eventSubscriptions.values()].map(({ sinkSid }) => sinkSid));
      const listed = [...world.eventSinks.values()].filter(
        (sink) =>
          (status === undefined || sink.status === status) &&
          (inUse === undefined || inUse === used.has(sink.sid)),
      );
      return pageOf(call, 'sinks', listed, ({ sid }) => sid, toJson);
    },
    fetchSink: (call) => toJson(sinkOf(call)),
    updateSink: (call) => {
      const sink = sinkOf(call);
      sink.description = call.parameters.text('Description') ?? sink.description;
      sink.updatedAtMs = world.nowMs();
      return toJson(sink);
    },
    deleteSink: (call) => removeSink(world, sinkOf(call)),
    testSink: (call) => {
      streams.test(sinkOf(call));
      return { result: 'submitted' };
    },
    // "Always returns a result property with a value of valid."
    validateSink: (call) => {
      sinkOf(call);
      return { result: 'valid' };
    },
    listEventTypes: (call) => {
      const schema = call.parameters.text('SchemaId') ?? TASKROUTER_SCHEMA;
      const listed = schema === TASKROUTER_SCHEMA ? EVENT_TYPES : [];
      return pageOf(
        call,
        'types',
        listed,
        (type) => type,
        (type) => typeJson(world, type),
      );
    },
    fetchEventType: (call) =>
      typeJson(
        world,
        found(
          EVENT_TYPES.find((type) => type === call.path['Type']),
          call,
        ),
      ),
  } satisfies Record<string, Operation>;
}

function toJson(sink: EventSink) {
  const url = `${BASE}/Sinks/${sink.sid}`;
  return {
    sid: sink.sid,
    description: sink.description,
    sink_configuration: { destination: sink.destination, method: 'POST' },
    sink_type: 'webhook',
    status: sink.status,
    date_created: isoSeconds(sink.createdAtMs),
    date_updated: isoSeconds(sink.updatedAtMs),
    url,
    links: { sink_test: `${url}/Test`, sink_validate: `${url}/Validate` },
  };
}

function typeJson(world: World, type: string) {
  const date = isoSeconds(world.createdAtMs);
  return {
    type,
    schema_id: TASKROUTER_SCHEMA,
    description: `TaskRouter: ${type}`,
    status: 'available',
    documentation_url: 'https://www.twilio.com/docs/events/event-types',
    date_created: date,
    date_updated: date,
    url: `${BASE}/Types/${type}`,
    links: { schema: `${BASE}/Schemas/${TASKROUTER_SCHEMA}/Versions` },
  };
}
