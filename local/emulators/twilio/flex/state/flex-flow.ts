import type { FlexFlowSeed, TwilioAccount } from '../../options.ts';
import { badRequest, TwilioError } from '../../rest/twilio-error.ts';
import { findTaskChannel } from '../../taskrouter/state/task-channel.ts';
import type { World } from '../../world/world.ts';
import type { FlexFlow, FlexFlowIntegration, FlexFlowSettings } from '../model.ts';

/** @throws TwilioError 45210 beside another enabled flow of its kind, 20001, 20404. */
export function addFlexFlow(world: World, settings: FlexFlowSettings): FlexFlow {
  assertUsable(world, settings);
  const nowMs = world.nowMs();
  const flow = { sid: world.newSid('FO'), ...settings, createdAtMs: nowMs, updatedAtMs: nowMs };
  world.flexFlows.set(flow.sid, flow);
  return flow;
}

/** @throws TwilioError as `addFlexFlow`. */
export function updateFlexFlow(world: World, flow: FlexFlow, settings: FlexFlowSettings): void {
  assertUsable(world, settings, flow);
  Object.assign(flow, settings, { updatedAtMs: world.nowMs() });
}

function assertUsable(world: World, settings: FlexFlowSettings, own?: FlexFlow): void {
  if (settings.chatServiceSid !== world.account.chatServiceSid) {
    throw badRequest(`ChatServiceSid ${settings.chatServiceSid} is no service of this account`);
  }
  assertIntegration(world, settings);
  if (settings.enabled) assertOnlyOne(world, settings, own);
}

function assertIntegration(
  world: World,
  { integrationType: type, integration }: FlexFlowSettings,
): void {
  const needed = { studio: ['flowSid'], external: ['url'], task: ['workspaceSid', 'workflowSid'] };
  for (const name of type === null ? [] : needed[type]) {
    if (integration[name as keyof FlexFlowIntegration]) continue;
    throw badRequest(`IntegrationType ${type} needs Integration.${name}`);
  }
  if (type === 'studio' && !world.studioFlows.has(integration.flowSid ?? '')) {
    throw badRequest(`Integration.FlowSid ${integration.flowSid} is no flow of this account`);
  }
  if (type === 'task') assertTaskIntegration(world, integration);
}

function assertTaskIntegration(
  { account, taskChannels }: World,
  { workspaceSid, workflowSid, channel = 'default' }: FlexFlowIntegration,
): void {
  if (workspaceSid !== account.workspaceSid) {
    throw badRequest(`Integration.WorkspaceSid ${workspaceSid} is no workspace of this account`);
  }
  if (!account.workflows.some(({ sid }) => sid === workflowSid)) {
    throw badRequest(`Integration.WorkflowSid ${workflowSid} is not in the workspace`);
  }
  if (findTaskChannel(taskChannels, channel) === undefined) {
    throw badRequest(`Integration.Channel ${channel} is no task channel of the workspace`);
  }
}

/** The rule is documented; how its violation is answered is not. */
function assertOnlyOne(world: World, settings: FlexFlowSettings, own?: FlexFlow): void {
  const rival = [...world.flexFlows.values()].find(
    (flow) =>
      flow !== own &&
      flow.enabled &&
      flow.channelType === settings.channelType &&
      flow.chatServiceSid === settings.chatServiceSid,
  );
  if (rival === undefined) return;
  throw new TwilioError(
    400,
    45210,
    `Flex Flow ${rival.sid} is enabled for channels of type ${settings.channelType} already`,
  );
}

/** The flows that the account comes with. */
export function seededFlexFlows(account: TwilioAccount, nowMs: number): Map<string, FlexFlow> {
  const { chatServiceSid, workspaceSid, flexFlows = [] } = account;
  const flows = flexFlows.map(({ sid, integrationType, integration }: FlexFlowSeed) => {
    const isTask = integrationType === 'task';
    const flow: FlexFlow = {
      sid,
      friendlyName: 'Custom chat',
      chatServiceSid,
      channelType: 'custom',
      contactIdentity: 'custom',
      enabled: true,
      integrationType,
      integration: isTask ? { workspaceSid, ...integration } : integration,
      longLived: false,
      janitorEnabled: false,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    return [sid, flow] as const;
  });
  return new Map(flows);
}
