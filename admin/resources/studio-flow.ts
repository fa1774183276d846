import { CommandError } from '../command.ts';
import { orAbsent } from '../twilio/client.ts';
import { findTaskChannel, onlyWorkflow } from '../twilio/task-router.ts';
import { type Found, nameOf, type Plan, type Resource, type Setup } from './resource.ts';
import { isStartedBy, studioFlowDefinition, triggerName } from './studio-flow-definition.ts';

interface FoundFlow extends Found {
  readonly status: string;
  readonly revision: number;
  // biome-ignore lint/suspicious/noExplicitAny: definitions are JSON of any shape
  readonly definition: any;
}

/** The flow that chats run through. One made in Studio by hand is used as it is. */
export const studioFlow: Resource<FoundFlow> = {
  name: 'Studio flow',
  needsWebhookUrl: false,
  isNeeded: ({ flex }) => flex.routing.type === 'studio',

  async find(setup) {
    const sid = flowSidOf(setup);
    if (sid === undefined) return (await findOurs(setup)).find((flow) => fits(setup, flow));
    const configured = await fetchFlow(setup, sid);
    // A flow of ours that was made for the other back end goes on serving that one's chats.
    const isOld = configured?.isOurs && !configured.edited && !fits(setup, configured);
    return isOld ? (await findOurs(setup)).find((flow) => fits(setup, flow)) : configured;
  },

  findOurs,

  async plan(setup, found) {
    if (found === undefined) return planNew(setup);
    if (!fits(setup, found)) return misfit(setup, found);
    if (!found.isOurs) return { action: 'keep', detail: `${found.detail}: your own flow` };
    if (found.edited) {
      return { action: 'keep', detail: `${found.detail}: ${found.edited}, left as it is` };
    }
    const definition = await wantedDefinition(setup, found);
    return isWithin(definition, found.definition) && found.status === 'published'
      ? { action: 'keep', detail: found.detail }
      : { action: 'update', detail: 'the definition as this configuration wants it, published' };
  },

  async apply(setup, found) {
    const { stage, twilio } = setup;
    const draft = {
      friendlyName: nameOf(stage),
      status: 'published',
      definition: await wantedDefinition(setup, found),
      commitMessage: markOf((found?.revision ?? 0) + 1),
    } as const;
    const { valid } = await twilio.studio.v2.flowValidate.update(draft);
    if (!valid) throw new CommandError('Twilio refuses the definition of the Studio flow');
    const flow = await (found === undefined
      ? twilio.studio.v2.flows.create(draft)
      : twilio.studio.v2.flows(found.id).update(draft));
    return flow.sid;
  },

  async remove({ twilio }, { id }) {
    await twilio.studio.v2.flows(id).remove();
  },

  fields: ({ flex }, id) => (flex.routing.type === 'studio' ? { 'flex.routing.flowSid': id } : {}),
};

const flowSidOf = ({ config: { flex } }: Setup): string | undefined =>
  flex.routing.type === 'studio' ? flex.routing.flowSid : undefined;

const fits = ({ config }: Setup, { definition }: FoundFlow): boolean =>
  isStartedBy(config.flex.backEnd, definition);

async function fetchFlow({ stage, twilio }: Setup, sid: string): Promise<FoundFlow | undefined> {
  const flow = await orAbsent(twilio.studio.v2.flows(sid).fetch());
  if (flow === undefined) return undefined;
  const { friendlyName, definition, status, revision, commitMessage } = flow;
  return {
    id: flow.sid,
    isOurs: friendlyName === nameOf(stage),
    detail: `"${friendlyName}", ${status}, revision ${revision}`,
    edited: commitMessage === markOf(revision) ? undefined : 'edited in Studio',
    definition,
    status,
    revision,
  };
}

/** Names of flows are not unique, so that one for each back end may have ours. */
async function findOurs(setup: Setup): Promise<FoundFlow[]> {
  const flows = await setup.twilio.studio.v2.flows.list();
  const named = flows.filter(({ friendlyName }) => friendlyName === nameOf(setup.stage));
  const found: FoundFlow[] = [];
  for (const { sid } of named) {
    const flow = await fetchFlow(setup, sid);
    if (flow !== undefined) found.push(flow);
  }
  return found;
}

function misfit({ config }: Setup, { id, isOurs, detail, edited }: FoundFlow): Plan {
  const trigger = triggerName(config.flex.backEnd);
  return {
    action: 'conflict',
    detail: `${detail}: ${isOurs ? `${edited}, left as it is; ` : ''}nothing follows its trigger ${trigger}`,
    cure: `connect ${trigger} of ${id} in Studio and publish, or remove flex.routing.flowSid to have a new flow made`,
  };
}

async function planNew(setup: Setup): Promise<Plan> {
  const { stage, config, twilio } = setup;
  const sid = flowSidOf(setup);
  if (sid !== undefined && (await fetchFlow(setup, sid)) === undefined) {
    return {
      action: 'conflict',
      detail: `the account has no flow ${sid}`,
      cure: 'correct flex.routing.flowSid, or remove it to have a flow made',
    };
  }
  const workflowSid = await workflowOf({ config, twilio }, undefined);
  return {
    action: 'create',
    detail: `"${nameOf(stage)}": greeting, then Send to Flex to ${workflowSid}`,
  };
}

/** The command marks each revision that it writes. A revision without the mark is somebody's work in the editor. */
const markOf = (revision: number): string => `flex-channel provision, revision ${revision}`;

async function wantedDefinition(setup: Setup, found: FoundFlow | undefined) {
  const { backEnd, routing } = setup.config.flex;
  const { workspaceSid } = setup.config.twilio;
  const name = routing.type === 'external' ? undefined : routing.taskChannel;
  const [workflowSid, taskChannel] = await Promise.all([
    workflowOf(setup, found),
    findTaskChannel(setup.twilio, workspaceSid, name),
  ]);
  return studioFlowDefinition({ backEnd, workflowSid, taskChannelSid: taskChannel.sid });
}

/** The configured one, the one it sends to already, or the only one there is. */
async function workflowOf(
  { config, twilio }: Pick<Setup, 'config' | 'twilio'>,
  found: FoundFlow | undefined,
): Promise<string> {
  const { routing } = config.flex;
  const configured = routing.type === 'external' ? undefined : routing.workflowSid;
  const present: unknown = sendToFlexOf(found?.definition)?.properties?.workflow;
  if (configured !== undefined) return configured;
  return typeof present === 'string' ? present : onlyWorkflow(twilio, config.twilio.workspaceSid);
}

/** The widget that makes the task, as far as a definition has one. */
export function sendToFlexOf(
  definition: unknown,
): { properties?: { workflow?: unknown; channel?: unknown } } | undefined {
  const { states } = (definition ?? {}) as {
    states?: readonly { type?: string; properties?: { workflow?: unknown; channel?: unknown } }[];
  };
  return states?.find(({ type }) => type === 'send-to-flex');
}

/** Does the definition hold everything that is wanted? Twilio may have added defaults. */
function isWithin(wanted: unknown, found: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return wanted === found;
  if (typeof found !== 'object' || found === null) return false;
  const there = found as Record<string, unknown>;
  return Object.entries(wanted).every(([key, value]) => isWithin(value, there[key]));
}
