import { CommandError } from '../command.ts';
import { orAbsent } from '../twilio/client.ts';
import { findTaskChannel, onlyWorkflow } from '../twilio/task-router.ts';
import { type Found, nameOf, type Plan, type Resource, type Setup } from './resource.ts';
import { studioFlowDefinition } from './studio-flow-definition.ts';

interface FoundFlow extends Found {
  readonly status: string;
  readonly revision: number;
  readonly commitMessage: string;
  // biome-ignore lint/suspicious/noExplicitAny: definitions are JSON of any shape
  readonly definition: any;
}

/** The flow that chats run through. One made in Studio by hand is used as it is. */
export const studioFlow: Resource<FoundFlow> = {
  name: 'Studio flow',
  needsWebhookUrl: false,
  isNeeded: ({ flex }) => flex.routing.type === 'studio',

  async find({ stage, config, twilio }) {
    const { routing } = config.flex;
    const configured = routing.type === 'studio' ? routing.flowSid : undefined;
    const sid = configured ?? (await sidByName(twilio, nameOf(stage)));
    const flow = sid && (await orAbsent(twilio.studio.v2.flows(sid).fetch()));
    if (!flow) return undefined;
    const isOurs = flow.friendlyName === nameOf(stage);
    const { definition, status, revision, commitMessage } = flow;
    const detail = `"${flow.friendlyName}", ${status}, revision ${revision}`;
    return { id: flow.sid, isOurs, detail, definition, status, revision, commitMessage };
  },

  async plan(setup, found) {
    if (found === undefined) return planNew(setup);
    if (!found.isOurs) return { action: 'keep', detail: `${found.detail}: your own flow` };
    if (isEdited(found)) {
      return { action: 'keep', detail: `${found.detail}: edited in Studio, left as it is` };
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

async function planNew({ stage, config, twilio }: Setup): Promise<Plan> {
  const { routing } = config.flex;
  if (routing.type === 'studio' && routing.flowSid !== undefined) {
    return {
      action: 'conflict',
      detail: `the account has no flow ${routing.flowSid}`,
      cure: 'correct flex.routing.flowSid, or remove it to have a flow made',
    };
  }
  const workflowSid = await workflowOf({ config, twilio }, undefined);
  return {
    action: 'create',
    detail: `"${nameOf(stage)}": greeting, then Send to Flex to ${workflowSid}`,
  };
}

async function sidByName(twilio: Setup['twilio'], name: string): Promise<string | undefined> {
  const flows = await twilio.studio.v2.flows.list();
  return flows.find(({ friendlyName }) => friendlyName === name)?.sid;
}

/** The command marks each revision that it writes. A revision without the mark is somebody's work in the editor. */
const markOf = (revision: number): string => `flex-channel provision, revision ${revision}`;

const isEdited = ({ revision, commitMessage }: FoundFlow): boolean =>
  commitMessage !== markOf(revision);

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
