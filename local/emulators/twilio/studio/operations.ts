import type { Call, Operation } from '../rest/call.ts';
import { found } from '../rest/call.ts';
import { pageOf } from '../rest/paging.ts';
import { TwilioError } from '../rest/twilio-error.ts';
import { isoSeconds, type World } from '../world/world.ts';
import { definitionFaults, type FlowDefinition } from './definition.ts';
import { STUDIO_HOST } from './endpoints.ts';
import type { StudioFlow } from './model.ts';
import { addStudioFlow, reviseStudioFlow } from './studio-flow.ts';

export function studioFlowOperations(world: World) {
  const flowOf = (call: Call): StudioFlow =>
    found(world.studioFlows.get(call.path['Sid'] ?? ''), call);
  const render = (flow: StudioFlow) => toJson(world, flow);
  return {
    validateFlow: (call) => {
      definitionOf(call);
      return { valid: true };
    },
    createFlow: (call) => render(addStudioFlow(world, revisionOf(call))),
    listFlows: (call) =>
      pageOf(call, 'flows', [...world.studioFlows.values()], ({ sid }) => sid, listed(render)),
    fetchFlow: (call) => render(flowOf(call)),
    updateFlow: (call) => {
      const flow = flowOf(call);
      reviseStudioFlow(world, flow, revisionOf(call, flow));
      return render(flow);
    },
    deleteFlow: (call) => void world.studioFlows.delete(flowOf(call).sid),
  } satisfies Record<string, Operation>;
}

function revisionOf(call: Call, before?: StudioFlow) {
  const { parameters } = call;
  const status: StudioFlow['status'] =
    parameters.text('Status') === 'published' ? 'published' : 'draft';
  return {
    friendlyName: parameters.text('FriendlyName') ?? before?.friendlyName ?? '',
    status,
    definition: definitionOf(call, before?.definition),
    commitMessage: parameters.text('CommitMessage') ?? null,
  };
}

/** @throws TwilioError 20001 with details, also for a draft. */
function definitionOf({ parameters }: Call, before?: FlowDefinition): FlowDefinition {
  const given = parameters.json('Definition');
  if (given === undefined && before !== undefined) return before;
  const errors = definitionFaults(given);
  if (errors.length === 0) return given as FlowDefinition;
  throw new TwilioError(400, 20001, 'Flow definition is invalid', { errors, warnings: [] });
}

/** A list tells no definitions. */
const listed =
  (render: (flow: StudioFlow) => ReturnType<typeof toJson>) =>
  (flow: StudioFlow): unknown => {
    const { definition: _, ...rest } = render(flow);
    return rest;
  };

function toJson({ account }: World, flow: StudioFlow) {
  const url = `https://${STUDIO_HOST}/v2/Flows/${flow.sid}`;
  return {
    sid: flow.sid,
    account_sid: account.accountSid,
    friendly_name: flow.friendlyName,
    definition: flow.definition,
    status: flow.status,
    revision: flow.revision,
    commit_message: flow.commitMessage,
    valid: true,
    errors: [],
    warnings: [],
    date_created: isoSeconds(flow.createdAtMs),
    date_updated: isoSeconds(flow.updatedAtMs),
    webhook_url: `https://webhooks.twilio.com/v1/Accounts/${account.accountSid}/Flows/${flow.sid}`,
    url,
    links: { revisions: `${url}/Revisions`, executions: `${url}/Executions` },
  };
}
