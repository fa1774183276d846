/** Sinks of Event Streams with the subscription that a stage has on each. */
import { CommandError } from '../command.ts';
import type { Twilio } from './client.ts';

export interface TaskEventSink {
  readonly sid: string;
  readonly description: string;
  readonly destination: string;
  readonly method: string;
  readonly status: string;
  /** The stage's own, which has the sink's description; undefined when there is none. */
  readonly subscription: Subscription | undefined;
  /** Subscriptions of somebody else that lead there, too. */
  readonly others: readonly { readonly sid: string; readonly description: string }[];
}

export interface Subscription {
  readonly sid: string;
  readonly types: readonly string[];
}

/** The version that TaskRouter's documentation shows. Every version has the fields that we read. */
const SCHEMA_VERSION = 4;

/** All webhook sinks of that description. */
export async function listSinks(twilio: Twilio, description: string): Promise<TaskEventSink[]> {
  const all = await twilio.events.v1.sinks.list();
  const named = all.filter((sink) => sink.description === description);
  const sinks: TaskEventSink[] = [];
  for (const { sid, status, sinkConfiguration } of named) {
    const { destination, method } = Object(sinkConfiguration) as Record<string, unknown>;
    sinks.push({
      sid,
      description,
      status,
      destination: String(destination ?? ''),
      method: String(method ?? '').toUpperCase(),
      ...(await findSubscriptions(twilio, sid, description)),
    });
  }
  return sinks;
}

async function findSubscriptions(
  twilio: Twilio,
  sinkSid: string,
  description: string,
): Promise<Pick<TaskEventSink, 'subscription' | 'others'>> {
  const all = await twilio.events.v1.subscriptions.list({ sinkSid });
  const own = all.find((subscription) => subscription.description === description);
  const others = all.filter((subscription) => subscription.description !== description);
  if (own === undefined) return { subscription: undefined, others };
  const events = await twilio.events.v1.subscriptions(own.sid).subscribedEvents.list();
  return { subscription: { sid: own.sid, types: events.map(({ type }) => type) }, others };
}

export async function createSubscription(
  twilio: Twilio,
  options: {
    readonly sinkSid: string;
    readonly description: string;
    readonly types: readonly string[];
  },
): Promise<void> {
  const types = options.types.map((type) => ({ type, schema_version: SCHEMA_VERSION }));
  await twilio.events.v1.subscriptions.create({ ...options, types });
}

/** Brings a subscription to exactly these types. */
export async function writeTypes(
  twilio: Twilio,
  { sid, types: present }: Subscription,
  wanted: readonly string[],
): Promise<void> {
  const events = twilio.events.v1.subscriptions(sid).subscribedEvents;
  for (const type of wanted.filter((each) => !present.includes(each))) {
    await events.create({ type, schemaVersion: SCHEMA_VERSION });
  }
  const others = present.filter((each) => !wanted.includes(each));
  for (const type of others) {
    await twilio.events.v1.subscriptions(sid).subscribedEvents(type).remove();
  }
}

/**
 * Removes a sink with what a stage has on it.
 * @throws CommandError when somebody else's subscription leads there, too: then nothing is removed.
 */
export async function removeSink(twilio: Twilio, sink: TaskEventSink): Promise<void> {
  const all = await twilio.events.v1.subscriptions.list({ sinkSid: sink.sid });
  const foreign = all.find(({ description }) => description !== sink.description);
  if (foreign !== undefined) {
    throw new CommandError(
      `the subscription ${foreign.sid} "${foreign.description}" uses the sink ${sink.sid}; give it another sink, or remove it`,
    );
  }
  for (const { sid } of all) await twilio.events.v1.subscriptions(sid).remove();
  await twilio.events.v1.sinks(sink.sid).remove();
}
