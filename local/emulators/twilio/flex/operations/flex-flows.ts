import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import type { Parameters } from '../../rest/check-parameters.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { FLEX_HOST } from '../endpoints.ts';
import type { FlexFlow, FlexFlowIntegration, FlexFlowSettings } from '../model.ts';
import { addFlexFlow, updateFlexFlow } from '../state/flex-flow.ts';

export function flexFlowOperations(world: World) {
  const flowOf = (call: Call): FlexFlow => found(world.flexFlows.get(call.path['Sid'] ?? ''), call);
  const render = (flow: FlexFlow) => toJson(world, flow);
  return {
    createFlexFlow: (call) =>
      render(addFlexFlow(world, { ...NOTHING_SET, ...settingsOf(call.parameters) })),
    listFlexFlows: (call) => {
      const name = call.parameters.text('FriendlyName');
      const listed = [...world.flexFlows.values()].filter(
        ({ friendlyName }) => name === undefined || friendlyName === name,
      );
      return pageOf(call, 'flex_flows', listed, ({ sid }) => sid, render);
    },
    fetchFlexFlow: (call) => render(flowOf(call)),
    updateFlexFlow: (call) => {
      const flow = flowOf(call);
      const given = settingsOf(call.parameters);
      const integration = { ...flow.integration, ...given.integration };
      updateFlexFlow(world, flow, { ...flow, ...given, integration });
      return render(flow);
    },
    deleteFlexFlow: (call) => void world.flexFlows.delete(flowOf(call).sid),
  } satisfies Record<string, Operation>;
}

/** Whether a flow is enabled unless said otherwise is not documented; so that it is noticed, no. */
const NOTHING_SET: FlexFlowSettings = {
  friendlyName: '',
  chatServiceSid: '',
  channelType: '',
  contactIdentity: null,
  enabled: false,
  integrationType: null,
  integration: {},
  longLived: false,
  janitorEnabled: false,
};

/** Only what is given. */
function settingsOf(
  parameters: Parameters,
): Partial<FlexFlowSettings> & Pick<FlexFlowSettings, 'integration'> {
  const integration: FlexFlowIntegration = {
    flowSid: parameters.text('Integration.FlowSid'),
    url: parameters.text('Integration.Url'),
    workspaceSid: parameters.text('Integration.WorkspaceSid'),
    workflowSid: parameters.text('Integration.WorkflowSid'),
    channel: parameters.text('Integration.Channel'),
    timeout: parameters.integer('Integration.Timeout'),
    priority: parameters.integer('Integration.Priority'),
    creationOnMessage: parameters.boolean('Integration.CreationOnMessage'),
    retryCount: parameters.integer('Integration.RetryCount'),
  };
  return {
    ...present({
      friendlyName: parameters.text('FriendlyName'),
      chatServiceSid: parameters.text('ChatServiceSid'),
      channelType: parameters.text('ChannelType'),
      contactIdentity: parameters.text('ContactIdentity'),
      enabled: parameters.boolean('Enabled'),
      integrationType: parameters.text('IntegrationType'),
      longLived: parameters.boolean('LongLived'),
      janitorEnabled: parameters.boolean('JanitorEnabled'),
    }),
    integration: present(integration),
  };
}

const present = (given: object) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

const toJson = (world: World, flow: FlexFlow) => ({
  sid: flow.sid,
  account_sid: world.account.accountSid,
  friendly_name: flow.friendlyName,
  chat_service_sid: flow.chatServiceSid,
  channel_type: flow.channelType,
  contact_identity: flow.contactIdentity,
  enabled: flow.enabled,
  integration_type: flow.integrationType,
  integration: {
    flow_sid: flow.integration.flowSid,
    url: flow.integration.url,
    workspace_sid: flow.integration.workspaceSid,
    workflow_sid: flow.integration.workflowSid,
    channel: flow.integration.channel,
    timeout: flow.integration.timeout,
    priority: flow.integration.priority,
    creation_on_message: flow.integration.creationOnMessage,
    retry_count: flow.integration.retryCount,
  },
  long_lived: flow.longLived,
  janitor_enabled: flow.janitorEnabled,
  date_created: isoSeconds(flow.createdAtMs),
  date_updated: isoSeconds(flow.updatedAtMs),
  url: `https://${FLEX_HOST}/v1/FlexFlows/${flow.sid}`,
});
