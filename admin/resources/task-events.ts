import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import { CommandError } from '../command.ts';
import {
  createSubscription,
  listSinks,
  removeSink,
  type TaskEventSink,
  writeTypes,
} from '../twilio/event-streams.ts';
import {
  differences,
  type Found,
  nameOf,
  type Plan,
  planOf,
  type Resource,
  type Setup,
} from './resource.ts';

/** All sinks of the stage. An update that broke off has left two. */
interface FoundSinks extends Found {
  readonly sinks: readonly TaskEventSink[];
}

/** They tell that a chat has a task now, or has lost it. */
const EVENTS = [
  'task.created',
  'task.wrapup',
  'task.completed',
  'task.canceled',
  'task.deleted',
  'task.system-deleted',
  'workflow.timeout',
].map((event) => `com.twilio.taskrouter.${event}`);

/**
 * Where Event Streams tells what becomes of tasks. An account has as many sinks as it likes, so
 * that nobody's own is touched; the workspace has one EventCallbackUrl only, which stays as it is.
 */
export const taskEvents: Resource<FoundSinks> = {
  name: 'Task events',
  needsWebhookUrl: true,
  isNeeded: () => true,

  find,

  async findOurs(setup) {
    const found = await find(setup);
    return found === undefined ? [] : [found];
  },

  async plan(setup, found) {
    if (found === undefined) return { action: 'create', detail: addressOf(setup) };
    return planFor(setup, found);
  },

  async apply(setup, found) {
    const { twilio, stage } = setup;
    const usable = found?.sinks.find((sink) => isUsable(setup, sink));
    const sid = usable?.sid ?? (await createSink(setup));
    if (usable?.subscription === undefined) {
      await createSubscription(twilio, { sinkSid: sid, description: nameOf(stage), types: EVENTS });
    } else {
      await writeTypes(twilio, usable.subscription, EVENTS);
    }
    for (const old of superfluous(found?.sinks ?? [], usable)) await removeSink(twilio, old);
    return sid;
  },

  async remove({ twilio }, { sinks }) {
    for (const sink of sinks) await removeSink(twilio, sink);
  },

  // Looked up by its name; nothing that is deployed needs its SID.
  fields: () => ({}),
};

async function find(setup: Setup): Promise<FoundSinks | undefined> {
  const sinks = await listSinks(setup.twilio, nameOf(setup.stage));
  const sink = sinks.find((each) => isUsable(setup, each)) ?? sinks[0];
  if (sink === undefined) return undefined;
  const [edited] = sinks.flatMap((each) => editOf(setup, each) ?? []);
  return { id: sink.sid, isOurs: true, detail: sink.destination, edited, sinks };
}

function editOf(
  setup: Setup,
  { sid, destination, subscription, others }: TaskEventSink,
): string | undefined {
  const [other] = others;
  if (other !== undefined) {
    return `the subscription ${other.sid} "${other.description}" uses the sink ${sid}; give it another sink, or remove it`;
  }
  const added = subscription?.types.filter((type) => !EVENTS.includes(type)) ?? [];
  if (added.length > 0) return `edited: it also has the events ${added.join(', ')}`;
  const isElsewhere = setup.webhookUrl !== undefined && destination !== addressOf(setup);
  return isElsewhere ? `it leads to another address than ${addressOf(setup)}` : undefined;
}

function planFor(setup: Setup, { id, sinks }: FoundSinks): Plan {
  const sink = sinks.find(({ sid }) => sid === id);
  const types = sink?.subscription?.types ?? [];
  const missing = EVENTS.filter((event) => !types.includes(event));
  const others = types.filter((type) => !EVENTS.includes(type));
  const more = superfluous(sinks, sink).length;
  const differing = [
    ...differences(
      { address: addressOf(setup), method: 'POST', status: 'active' },
      { address: sink?.destination, method: sink?.method, status: sink?.status },
    ),
    ...(missing.length > 0 ? [`events: ${missing.join(', ')} are added`] : []),
    ...(others.length > 0 ? [`events: ${others.join(', ')} are removed`] : []),
    ...(more > 0 ? [`${more} more of this stage: removed`] : []),
  ];
  return planOf(differing, addressOf(setup));
}

/** An old sink stays as long as somebody else's subscription leads there. */
const superfluous = (
  sinks: readonly TaskEventSink[],
  used: TaskEventSink | undefined,
): TaskEventSink[] => sinks.filter((sink) => sink !== used && sink.others.length === 0);

/** Twilio changes neither address nor method of a sink, and a sink that has failed stays failed. */
const isUsable = (setup: Setup, { destination, method, status }: TaskEventSink): boolean =>
  destination === addressOf(setup) && method === 'POST' && status === 'active';

/** @throws CommandError when it is not active, as no subscription can be made then. */
async function createSink(setup: Setup): Promise<string> {
  const { sid, status } = await setup.twilio.events.v1.sinks.create({
    description: nameOf(setup.stage),
    sinkConfiguration: { destination: addressOf(setup), method: 'POST' },
    sinkType: 'webhook',
  });
  if (status === 'active') return sid;
  throw new CommandError(
    `Twilio made the sink ${sid}, but says it is ${status}; run provision again`,
  );
}

const addressOf = ({ webhookUrl = '' }: Setup): string =>
  `${webhookUrl}/${WEBHOOK_PATHS.taskEvent}`;
