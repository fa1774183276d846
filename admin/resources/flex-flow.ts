import type { Config } from '#lib/config-schema';
import { orAbsent } from '../twilio/client.ts';
import { findTaskChannel } from '../twilio/task-router.ts';
import {
  differences,
  type Found,
  nameOf,
  type Plan,
  planOf,
  type Resource,
  type Setup,
} from './resource.ts';
import { studioFlow } from './studio-flow.ts';

interface FoundFlexFlow extends Found {
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Any text works for channels of type `custom`; it need not be unique. */
const CONTACT_IDENTITY = 'flex-channel';

/** Programmable Chat creates Flex Channels by it; it names chat service and routing. */
export const flexFlow: Resource<FoundFlexFlow> = {
  name: 'Flex Flow',
  needsWebhookUrl: false,
  isNeeded: ({ flex }) => flex.backEnd === 'programmable-chat',

  async find(setup) {
    const { flexFlowSid } = setup.config.flex;
    if (flexFlowSid === undefined) return (await findOurs(setup))[0];
    const flow = await orAbsent(setup.twilio.flexApi.v1.flexFlow(flexFlowSid).fetch());
    return flow && toFound(setup, flow);
  },

  findOurs,

  async plan(setup, found) {
    if (found === undefined) return planNew(setup);
    if (!found.isOurs) return { action: 'keep', detail: `${found.detail}: your own Flex Flow` };
    const rival = await rivalOf(setup, found.id);
    if (rival !== undefined) return rival;
    const { form, alsoFits } = await wanted(setup);
    const differing = differences(compared(form, alsoFits, found), found.properties);
    return planOf(differing, found.detail);
  },

  async apply(setup, found) {
    const { form } = await wanted(setup);
    const flows = setup.twilio.flexApi.v1.flexFlow;
    const flow = await (found === undefined ? flows.create(form) : flows(found.id).update(form));
    return flow.sid;
  },

  async remove({ twilio }, { id }) {
    await twilio.flexApi.v1.flexFlow(id).remove();
  },

  fields: (_config, id) => ({ 'flex.flexFlowSid': id }),
};

type FlexFlow = Awaited<ReturnType<Setup['twilio']['flexApi']['v1']['flexFlow']['list']>>[number];

async function findOurs(setup: Setup): Promise<FoundFlexFlow[]> {
  const flows = await setup.twilio.flexApi.v1.flexFlow.list();
  return flows.map((flow) => toFound(setup, flow)).filter(({ isOurs }) => isOurs);
}

function toFound({ stage, config }: Setup, flow: FlexFlow): FoundFlexFlow {
  const properties = { ...flow.toJSON(), ...flattened(flow.integration) };
  // Somebody may have given our name to a Flex Flow for other channels.
  const isOurs = flow.friendlyName === nameOf(stage) && flow.channelType === 'custom';
  const edits = differences(fixed(config), properties);
  return {
    id: flow.sid,
    isOurs,
    detail: `"${flow.friendlyName}", ${flow.enabled ? 'enabled' : 'disabled'}`,
    edited: edits.length === 0 ? undefined : `edited (it should say ${edits.join('; ')})`,
    properties,
  };
}

/** What no configuration changes but the chat service's SID; `enabled` is left out, as a flow may rest. */
const fixed = ({ twilio }: Config) => ({
  chatServiceSid: twilio.chatServiceSid,
  contactIdentity: CONTACT_IDENTITY,
  longLived: false,
  janitorEnabled: true,
});

async function planNew(setup: Setup): Promise<Plan> {
  const { flexFlowSid, routing } = setup.config.flex;
  if (flexFlowSid !== undefined) {
    return {
      action: 'conflict',
      detail: `the account has no Flex Flow ${flexFlowSid}`,
      cure: 'correct flex.flexFlowSid, or remove it to have one made',
    };
  }
  const rival = await rivalOf(setup, undefined);
  return (
    rival ?? {
      action: 'create',
      detail: `"${nameOf(setup.stage)}": custom, integration ${routing.type}`,
    }
  );
}

/** Twilio allows one enabled Flex Flow for each type of channel. */
async function rivalOf({ twilio }: Setup, ownSid: string | undefined): Promise<Plan | undefined> {
  const flows = await twilio.flexApi.v1.flexFlow.list();
  const rival = flows.find(
    ({ sid, channelType, enabled }) => enabled && channelType === 'custom' && sid !== ownSid,
  );
  return (
    rival && {
      action: 'conflict',
      detail: `${rival.sid} "${rival.friendlyName}" is enabled for custom channels already`,
      cure: 'disable that Flex Flow, or set flex.flexFlowSid to it and use it as it is',
    }
  );
}

async function wanted(setup: Setup) {
  const { stage, config } = setup;
  const common = {
    ...fixed(config),
    friendlyName: nameOf(stage),
    channelType: 'custom',
    enabled: true,
  } as const;
  const { routing } = config.flex;
  const { integration, alsoFits } = await integrationOf(setup, routing);
  const form = { ...common, integrationType: routing.type, ...integration };
  return { form, alsoFits };
}

/** `alsoFits`: other values of a field that mean the same. */
async function integrationOf(
  setup: Setup,
  routing: Config['flex']['routing'],
): Promise<{ integration: Record<string, string | boolean>; alsoFits: Record<string, string> }> {
  switch (routing.type) {
    case 'studio':
      // A new flow has no SID while this is planned, and has one when it is applied.
      return {
        integration: {
          'integration.flowSid': (await studioFlow.find(setup))?.id ?? 'the new flow',
        },
        alsoFits: {},
      };
    case 'external':
      return { integration: { 'integration.url': routing.url }, alsoFits: {} };
    case 'task': {
      const { workspaceSid } = setup.config.twilio;
      const channel = await findTaskChannel(setup.twilio, workspaceSid, routing.taskChannel);
      return {
        integration: {
          'integration.workspaceSid': workspaceSid,
          'integration.workflowSid': routing.workflowSid,
          'integration.channel': channel.sid,
          // Otherwise an agent may answer before the channel has the webhooks that tell of it.
          'integration.creationOnMessage': true,
        },
        // The documentation allows both; which of them an answer shows is unconfirmed.
        alsoFits: { 'integration.channel': channel.uniqueName },
      };
    }
  }
}

function compared(
  form: Readonly<Record<string, unknown>>,
  alsoFits: Readonly<Record<string, string>>,
  { properties }: FoundFlexFlow,
): Record<string, unknown> {
  const fitting = Object.entries(alsoFits).filter(([name, value]) => properties[name] === value);
  return { ...form, ...Object.fromEntries(fitting) };
}

/** `flow_sid` of an answer as `integration.flowSid`, the name of the parameter. */
function flattened(integration: unknown): Record<string, unknown> {
  const entries = Object.entries((integration ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      `integration.${name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`,
      value,
    ]),
  );
}
