import type { User } from '../../conversations/model.ts';
import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { TASKROUTER_HOST } from '../endpoints.ts';
import type { TaskChannel } from '../model.ts';
import { findTaskChannel } from '../state/task-channel.ts';

const NAMES = { workspace: 'Flex Task Assignment', workflow: 'Assign to Anyone' };

type Workflow = World['account']['workflows'][number];

/** @throws TwilioError 20404 for a workspace that the account does not have. */
export const assertWorkspace = ({ account }: World, call: Call): void =>
  void found(
    (call.path['WorkspaceSid'] ?? call.path['Sid']) === account.workspaceSid || undefined,
    call,
  );

/** What a workspace holds beside its tasks; it is made with the account and never changes. */
export function workspaceOperations(world: World) {
  const { account, taskChannels } = world;
  const workflow = (each: Workflow) => workflowJson(world, each);
  const taskChannel = (each: TaskChannel) => taskChannelJson(world, each);
  return {
    listWorkspaces: (call) => {
      const name = call.parameters.text('FriendlyName') ?? NAMES.workspace;
      const listed = name === NAMES.workspace ? [account.workspaceSid] : [];
      return pageOf(
        call,
        'workspaces',
        listed,
        (sid) => sid,
        () => workspaceJson(world),
      );
    },
    fetchWorkspace: (call) => {
      assertWorkspace(world, call);
      return workspaceJson(world);
    },
    listWorkflows: (call) => {
      assertWorkspace(world, call);
      const name = call.parameters.text('FriendlyName') ?? NAMES.workflow;
      const listed = name === NAMES.workflow ? account.workflows : [];
      return pageOf(call, 'workflows', listed, ({ sid }) => sid, workflow);
    },
    fetchWorkflow: (call) => {
      assertWorkspace(world, call);
      const { workflows } = account;
      return workflow(
        found(
          workflows.find(({ sid }) => sid === call.path['Sid']),
          call,
        ),
      );
    },
    listTaskChannels: (call) => {
      assertWorkspace(world, call);
      return pageOf(call, 'channels', taskChannels, ({ sid }) => sid, taskChannel);
    },
    fetchTaskChannel: (call) => {
      assertWorkspace(world, call);
      return taskChannel(found(findTaskChannel(taskChannels, call.path['Sid'] ?? ''), call));
    },
    listWorkers: (call) => {
      assertWorkspace(world, call);
      const name = call.parameters.text('FriendlyName');
      const listed = [...world.users.values()].filter(
        (user) => user.workerAttributes !== undefined && (name ?? nameOf(user)) === nameOf(user),
      );
      return pageOf(
        call,
        'workers',
        listed,
        ({ sid }) => sid,
        (each) => workerJson(world, each),
      );
    },
  } satisfies Record<string, Operation>;
}

const urlOf = ({ account }: World) =>
  `https://${TASKROUTER_HOST}/v1/Workspaces/${account.workspaceSid}`;

const common = ({ account, createdAtMs }: World) => ({
  account_sid: account.accountSid,
  date_created: isoSeconds(createdAtMs),
  date_updated: isoSeconds(createdAtMs),
});

function workspaceJson(world: World) {
  const url = urlOf(world);
  return {
    ...common(world),
    sid: world.account.workspaceSid,
    friendly_name: NAMES.workspace,
    event_callback_url: '',
    multi_task_enabled: true,
    prioritize_queue_order: 'FIFO',
    url,
    links: {
      tasks: `${url}/Tasks`,
      workflows: `${url}/Workflows`,
      task_channels: `${url}/TaskChannels`,
    },
  };
}

const workflowJson = (world: World, { sid }: Workflow) => ({
  ...common(world),
  sid,
  workspace_sid: world.account.workspaceSid,
  friendly_name: NAMES.workflow,
  configuration: '{"task_routing":{}}',
  task_reservation_timeout: 120,
  assignment_callback_url: '',
  fallback_assignment_callback_url: '',
  document_content_type: 'application/json',
  url: `${urlOf(world)}/Workflows/${sid}`,
});

/** A worker is called as the agent signs in, of which the identity is the encoded form. */
const nameOf = ({ identity }: User): string =>
  identity.replace(/_([0-9A-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));

const workerJson = (world: World, user: User) => {
  const sid = `WK${user.sid.slice(2)}`;
  return {
    ...common(world),
    sid,
    workspace_sid: world.account.workspaceSid,
    friendly_name: nameOf(user),
    attributes: user.workerAttributes,
    available: true,
    url: `${urlOf(world)}/Workers/${sid}`,
  };
};

const taskChannelJson = (world: World, { sid, uniqueName }: TaskChannel) => ({
  ...common(world),
  sid,
  workspace_sid: world.account.workspaceSid,
  friendly_name: uniqueName,
  unique_name: uniqueName,
  channel_optimized_routing: false,
  url: `${urlOf(world)}/TaskChannels/${sid}`,
});
