import { orAbsent, type Twilio } from '../twilio/client.ts';
import { DEFAULT_TASK_CHANNEL } from '../twilio/task-router.ts';
import type { Draft, Drafted, Finding, LiveCheck } from './check.ts';

/** An account rarely has more than one workspace; a longer list helps nobody. */
const MOST_WORKSPACES = 20;

export const workspace = {
  name: 'workspace',
  needs: ['twilio.workspaceSid'],
  isLive: true,
  async run({ draft }: Drafted, twilio: Twilio): Promise<Finding[]> {
    const sid = draft.twilio?.workspaceSid ?? '';
    const [found, flex] = await Promise.all([
      orAbsent(twilio.taskrouter.v1.workspaces(sid).fetch()),
      twilio.flexApi.v1.configuration().fetch(),
    ]);
    const expected = flex.taskrouterWorkspaceSid;
    if (found !== undefined && (!expected || expected === sid)) return [];
    return [
      {
        severity: 'error',
        field: 'twilio.workspaceSid',
        value: sid,
        problem: found
          ? `it is "${found.friendlyName}", not the workspace of Flex's agents`
          : 'the account has no such workspace',
        expected: `${expected}, the workspace of Flex`,
        cure: `set twilio.workspaceSid to ${expected}`,
      },
    ];
  },
} satisfies LiveCheck;

export const workflow = {
  name: 'workflow',
  needs: ['twilio.workspaceSid', 'flex.routing.workflowSid'],
  isLive: true,
  // A Studio flow may choose one by itself.
  appliesTo: ({ draft }: Drafted) =>
    draft.flex?.routing?.type === 'task' || workflowOf(draft) !== undefined,
  async run({ draft }: Drafted, twilio: Twilio): Promise<Finding[]> {
    const workspaceSid = draft.twilio?.workspaceSid ?? '';
    const sid = workflowOf(draft) ?? '';
    const found = await orAbsent(
      twilio.taskrouter.v1.workspaces(workspaceSid).workflows(sid).fetch(),
    );
    return found === undefined ? [await strangeWorkflow(twilio, workspaceSid, sid)] : [];
  },
} satisfies LiveCheck;

const workflowOf = ({ flex }: Draft): string | undefined =>
  flex?.routing !== undefined && 'workflowSid' in flex.routing
    ? flex.routing.workflowSid
    : undefined;

async function strangeWorkflow(
  twilio: Twilio,
  workspaceSid: string,
  sid: string,
): Promise<Finding> {
  const owner = await ownerOf(twilio, sid);
  const list = twilio.taskrouter.v1.workspaces(workspaceSid).workflows.list();
  const own = ((await orAbsent(list)) ?? []).map((each) => `${each.sid} "${each.friendlyName}"`);
  return {
    severity: 'error',
    field: 'flex.routing.workflowSid',
    value: sid,
    problem:
      owner === undefined
        ? `workspace ${workspaceSid} has no such workflow`
        : `it belongs to workspace ${owner}, not to ${workspaceSid}`,
    expected: own.length === 0 ? `a workflow of ${workspaceSid}` : `one of ${own.join(', ')}`,
    cure: 'set flex.routing.workflowSid to a workflow of that workspace (Console > TaskRouter)',
  };
}

async function ownerOf(twilio: Twilio, workflowSid: string): Promise<string | undefined> {
  const workspaces = await twilio.taskrouter.v1.workspaces.list({ limit: MOST_WORKSPACES });
  for (const { sid } of workspaces) {
    const found = await orAbsent(
      twilio.taskrouter.v1.workspaces(sid).workflows(workflowSid).fetch(),
    );
    if (found !== undefined) return sid;
  }
  return undefined;
}

export const taskChannel = {
  name: 'task channel',
  needs: ['twilio.workspaceSid'],
  isLive: true,
  appliesTo: ({ draft }: Drafted) => draft.flex?.routing?.type !== 'external',
  async run({ draft }: Drafted, twilio: Twilio): Promise<Finding[]> {
    const workspaceSid = draft.twilio?.workspaceSid ?? '';
    const list = twilio.taskrouter.v1.workspaces(workspaceSid).taskChannels.list();
    const channels = await orAbsent(list);
    // Without the workspace there is nothing to say here.
    if (channels === undefined) return [];
    const name = taskChannelOf(draft);
    if (channels.some(({ uniqueName }) => uniqueName === name)) {
      return name === 'voice' ? [voice()] : [];
    }
    const named = channels.find(({ sid, friendlyName }) => sid === name || friendlyName === name);
    return [
      missingChannel(
        name,
        named?.uniqueName,
        channels.map(({ uniqueName }) => uniqueName),
      ),
    ];
  },
} satisfies LiveCheck;

const taskChannelOf = ({ flex }: Draft): string =>
  (flex?.routing !== undefined && 'taskChannel' in flex.routing
    ? flex.routing.taskChannel
    : undefined) ?? DEFAULT_TASK_CHANNEL;

const missingChannel = (
  name: string,
  meant: string | undefined,
  names: readonly string[],
): Finding => ({
  severity: 'error',
  field: 'flex.routing.taskChannel',
  value: name,
  problem:
    meant === undefined
      ? 'the workspace has no task channel of this unique name'
      : `the task channel is meant by its unique name, which is "${meant}"`,
  expected: `one of ${names.join(', ')}`,
  cure: `set flex.routing.taskChannel to "${meant ?? DEFAULT_TASK_CHANNEL}", or make the channel in TaskRouter`,
});

const voice = (): Finding => ({
  severity: 'warning',
  field: 'flex.routing.taskChannel',
  value: 'voice',
  problem: "Flex draws the task as a call, and it takes the agent's one place for calls",
  expected: `a task channel for chats, such as "${DEFAULT_TASK_CHANNEL}"`,
  cure: 'remove flex.routing.taskChannel',
});
