import type { Call, Operation } from '../call.ts';
import { TASKROUTER_HOST } from '../endpoints/taskrouter.ts';
import { pageOf } from '../paging.ts';
import type { Task } from '../state/task.ts';
import { badRequest } from '../twilio-error.ts';
import { isoSeconds, type World } from '../world.ts';
import { found } from './scope.ts';

export function taskOperations(world: World) {
  const assertWorkspace = (call: Call) =>
    found(call.path['WorkspaceSid'] === world.account.workspaceSid || undefined, call);
  return {
    listTasks: (call) => {
      assertWorkspace(call);
      const statuses = call.parameters.list('AssignmentStatus');
      const workflow = call.parameters.text('WorkflowSid');
      const fits = attributeTest(call.parameters.text('EvaluateTaskAttributes'));
      const listed = [...world.tasks.values()].filter(
        (task) =>
          (statuses?.includes(task.assignmentStatus) ?? true) &&
          (workflow === undefined || workflow === task.workflowSid) &&
          fits(task.attributes),
      );
      const render = (task: Task) => toJson(world, task);
      return pageOf(call, 'tasks', listed, ({ sid }) => sid, render);
    },
    fetchTask: (call) => {
      assertWorkspace(call);
      return toJson(world, found(world.tasks.get(call.path['Sid'] ?? ''), call));
    },
  } satisfies Record<string, Operation>;
}

/**
 * Of TaskRouter's expressions only `key == "value"`, where the key may be a path with dots.
 * @throws TwilioError 20001 for anything else.
 */
function attributeTest(expression: string | undefined): (attributes: unknown) => boolean {
  if (expression === undefined) return () => true;
  const match = /^\s*([\w.]+)\s*==\s*(?:"([^"]*)"|'([^']*)')\s*$/.exec(expression);
  if (match === null) throw badRequest('EvaluateTaskAttributes: only key == "value" is simulated');
  const [, path = '', inDouble, inSingle] = match;
  return (attributes) => valueAt(attributes, path.split('.')) === (inDouble ?? inSingle);
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );

export const ageSeconds = (world: World, { createdAtMs }: Task): number =>
  Math.floor((world.nowMs() - createdAtMs) / 1000);

function toJson(world: World, task: Task) {
  const { accountSid, workspaceSid } = world.account;
  const workspace = `https://${TASKROUTER_HOST}/v1/Workspaces/${workspaceSid}`;
  const url = `${workspace}/Tasks/${task.sid}`;
  return {
    sid: task.sid,
    account_sid: accountSid,
    workspace_sid: workspaceSid,
    workflow_sid: task.workflowSid,
    task_channel_unique_name: task.taskChannelUniqueName,
    assignment_status: task.assignmentStatus,
    attributes: JSON.stringify(task.attributes),
    addons: '{}',
    reason: task.reason,
    priority: task.priority,
    timeout: task.timeout,
    age: ageSeconds(world, task),
    virtual_start_time: isoSeconds(task.createdAtMs),
    task_queue_entered_date: isoSeconds(task.createdAtMs),
    date_created: isoSeconds(task.createdAtMs),
    date_updated: isoSeconds(task.updatedAtMs),
    url,
    links: {
      workspace,
      workflow: `${workspace}/Workflows/${task.workflowSid}`,
      reservations: `${url}/Reservations`,
    },
  };
}
