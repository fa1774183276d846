import { createHash } from 'node:crypto';
import type { Faults } from '../faults/faults.ts';
import type { TaskEvent } from '../taskrouter/model.ts';
import { callOut } from '../webhooks/call-out.ts';
import { signWebhook } from '../webhooks/signature.ts';
import { isoMs, type World } from '../world/world.ts';
import type { CloudEvent, EventSink } from './model.ts';
import { eventTypeOf, TASKROUTER_SCHEMA } from './state/event-type.ts';

/** Twilio goes on for four hours; here it is enough to outlast a function that fails a few times. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000];

/**
 * Event Streams: tells sinks what they subscribed to, at least once and in any order, as JSON
 * arrays of CloudEvents.
 * Source: https://www.twilio.com/docs/events/webhook-quickstart
 */
export class EventStreams {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #timeoutMs: number;
  /** Ids of events that go out together, by sink. */
  readonly #batches = new Map<string, string[]>();

  constructor(world: World, faults: Faults, timeoutMs: number) {
    this.#world = world;
    this.#faults = faults;
    this.#timeoutMs = timeoutMs;
    world.taskSubscribers.push((event) => this.#hear(event));
  }

  /** Sends a sink its test event. */
  test({ sid }: EventSink): void {
    const type = 'com.twilio.eventstreams.test-event';
    const data = { test_id: this.#world.newSid('TE') };
    this.#post(sid, { type, schema: 'EventStreams.TestSink/1', data });
  }

  /** Does what an earlier run had still to do. */
  goOn(): void {
    for (const [id, { sinkSid }] of this.#world.undeliveredEvents) this.#gather(sinkSid, id);
  }

  #hear({ type: name, task }: TaskEvent): void {
    const type = eventTypeOf(name);
    for (const { sinkSid, types } of this.#world.eventSubscriptions.values()) {
      const version = types.get(type);
      if (version === undefined) continue;
      const data = taskData(this.#world, name, task);
      this.#post(sinkSid, { type, schema: `${TASKROUTER_SCHEMA}/${version}`, data });
    }
  }

  #post(sinkSid: string, { type, schema, data }: { type: string; schema: string; data: object }) {
    const world = this.#world;
    const id = world.newSid('EV');
    const event = {
      specversion: '1.0',
      type,
      source: world.account.workspaceSid,
      id,
      dataschema: `https://events-schemas.twilio.com/${schema}`,
      datacontenttype: 'application/json',
      time: isoMs(world.nowMs()),
      data,
    };
    const delaysMs = this.#faults.deliveryDelaysMs('events');
    if (delaysMs.length === 0) return;
    world.undeliveredEvents.set(id, { sinkSid, event });
    for (const delayMs of delaysMs) {
      if (delayMs === 0) this.#gather(sinkSid, id);
      else world.scheduler.after(delayMs, () => this.#deliver(sinkSid, [event], 0));
    }
  }

  /** What happens in one go is told in one request. */
  #gather(sinkSid: string, id: string): void {
    const batch = this.#batches.get(sinkSid);
    if (batch !== undefined) {
      batch.push(id);
      return;
    }
    this.#batches.set(sinkSid, [id]);
    this.#world.scheduler.after(0, () => {
      const ids = this.#batches.get(sinkSid) ?? [];
      this.#batches.delete(sinkSid);
      const events = ids.flatMap((each) => this.#world.undeliveredEvents.get(each)?.event ?? []);
      return this.#deliver(sinkSid, events, 0);
    });
  }

  async #deliver(sinkSid: string, events: readonly CloudEvent[], earlier: number): Promise<void> {
    const { eventSinks, account, scheduler, file, log } = this.#world;
    const sink = eventSinks.get(sinkSid);
    if (sink === undefined || events.length === 0) return this.#forget(events);
    await file?.kept();
    const { url, init } = signedPost(account.authToken, sink.destination, events);
    const ended = this.#world.watch({
      kind: 'webhook',
      title: events.map(({ type }) => type.replace('com.twilio.taskrouter.', '')).join(', '),
      body: events,
    });
    const { status, failure } = await callOut(url, init, this.#timeoutMs, scheduler.signal);
    ended({ status: status ?? failure });
    if (status !== undefined && status >= 200 && status < 300) return this.#forget(events);
    // Cut off by the end of the simulator: the next run goes on with it.
    if (scheduler.signal.aborted) return;
    log(`Twilio 93101: events to sink ${sinkSid}: ${failure ?? status}`);
    const pauseMs = PAUSES_MS[earlier];
    if (pauseMs === undefined) return this.#forget(events);
    scheduler.after(pauseMs, () => this.#deliver(sinkSid, events, earlier + 1));
  }

  #forget(events: readonly CloudEvent[]): void {
    for (const event of events) this.#world.undeliveredEvents.delete(event.id);
    this.#world.file?.touch();
  }
}

/**
 * The signature covers the URL with a digest of the body in its query.
 * Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
function signedPost(authToken: string, destination: string, events: readonly CloudEvent[]) {
  const body = JSON.stringify(events);
  const digest = createHash('sha256').update(body).digest('hex');
  const url = `${destination}${destination.includes('?') ? '&' : '?'}bodySHA256=${digest}`;
  const headers = {
    accept: '*/*',
    'user-agent': 'TwilioProxy/1.1',
    'content-type': 'application/json',
    'x-twilio-signature': signWebhook(authToken, url, {}),
  };
  return { url, init: { method: 'POST', body, headers } };
}

/** Source: https://www.twilio.com/docs/events/event-types/taskrouter/task */
function taskData({ account, newSid, nowMs }: World, name: string, task: TaskEvent['task']) {
  const timestamp = isoMs(nowMs());
  const sid = newSid('EV');
  return {
    sid,
    name,
    account_sid: account.accountSid,
    timestamp,
    level: 'INFO',
    group: name.split('.', 1)[0],
    product_name: 'TaskRouter',
    publisher: 'Flex Task Assignment',
    publisher_metadata: '{}',
    payload_type: 'application/json',
    payload: {
      sid,
      eventtype: name,
      account_sid: account.accountSid,
      timestamp,
      workspace_sid: account.workspaceSid,
      workspace_name: 'Flex Task Assignment',
      workflow_sid: task.workflowSid,
      task_sid: task.sid,
      task_attributes: JSON.stringify(task.attributes),
      task_age: Math.floor((nowMs() - task.createdAtMs) / 1000),
      task_date_created: isoMs(task.createdAtMs),
      task_priority: task.priority,
      task_assignment_status: task.assignmentStatus,
      task_channel_unique_name: task.taskChannelUniqueName,
      ...reasonFields(task),
    },
  };
}

function reasonFields({ assignmentStatus, reason }: TaskEvent['task']): Record<string, string> {
  if (reason === null) return {};
  if (assignmentStatus === 'canceled') return { reason, task_canceled_reason: reason };
  return assignmentStatus === 'completed' ? { reason, task_completed_reason: reason } : { reason };
}
