import type { Call, Operation } from '../../rest/call.ts';
import { found } from '../../rest/call.ts';
import { pageOf } from '../../rest/paging.ts';
import { RequestRate } from '../../rest/request-rate.ts';
import { badRequest } from '../../rest/twilio-error.ts';
import { isoSeconds, type World } from '../../world/world.ts';
import { TASKROUTER_HOST } from '../endpoints.ts';
import type { Task } from '../model.ts';
import { addTask, DEFAULT_TASK_TIMEOUT, deleteTask, newTask } from '../state/task.ts';
import { fitsTask } from '../state/task-attributes.ts';
import { findTaskChannel } from '../state/task-channel.ts';
import { changeTaskStatus } from '../state/task-status.ts';
import { assertWorkspace } from './workspace.ts';

export function taskOperations(world: World) {
  const taskOf = (call: Call): Task => {
    assertWorkspace(world, call);
    return found(world.tasks.get(call.path['Sid'] ?? ''), call);
  };
  const searches = new RequestRate(world.taskSearchesPerSecond);
  return {
    listTasks: (call) => {
      assertWorkspace(world, call);
      const statuses = call.parameters.list('AssignmentStatus');
      const workflow = call.parameters.text('WorkflowSid');
      const expression = call.parameters.text('EvaluateTaskAttributes');
      if (expression !== undefined) searches.count();
      const fits = attributeTest(expression);
      const listed = [...world.tasks.values()].filter(
        (task) =>
          (statuses?.includes(task.assignmentStatus) ?? true) &&
          (workflow === undefined || workflow === task.workflowSid) &&
          fits(task.attributes),
      );
      const render = (task: Task) => toJson(world, task);
      return pageOf(call, 'tasks', listed, ({ sid }) => sid, render);
    },
    fetchTask: (call) => toJson(world, taskOf(call)),
    createTask: (call) => {
      assertWorkspace(world, call);
      const task = requestedTask(world, call);
      addTask(world, task);
      return toJson(world, task);
    },
    updateTask: (call) => {
      const task = taskOf(call);
      const status = call.parameters.text('AssignmentStatus') as Task['assignmentStatus'];
      if (status !== undefined) changeTaskStatus(world, task, status);
      task.reason = call.parameters.text('Reason') ?? task.reason;
      task.priority = call.parameters.integer('Priority') ?? task.priority;
      task.attributes = attributesOf(call) ?? task.attributes;
      task.updatedAtMs = world.nowMs();
      return toJson(world, task);
    },
    deleteTask: (call) => deleteTask(world, taskOf(call), 'task.deleted'),
  } satisfies Record<string, Operation>;
}

/** A task that names a conversation or a channel is about it: the agent who accepts it joins. */
function requestedTask(world: World, call: Call): Task {
  const { parameters } = call;
  const { workflows } = world.account;
  const workflowSid = parameters.text('WorkflowSid') ?? workflows[0]?.sid;
  const workflow = workflows.find(({ sid }) => sid === workflowSid);
  if (workflow === undefined)
    throw badRequest(`WorkflowSid ${workflowSid} is not in the workspace`);
  const taskChannel = parameters.text('TaskChannel') ?? 'default';
  const { uniqueName } = findTaskChannel(world.taskChannels, taskChannel) ?? {};
  if (uniqueName === undefined) {
    throw badRequest(`TaskChannel ${taskChannel} is no task channel of the workspace`);
  }
  const attributes = attributesOf(call) ?? {};
  const conversationSid = attributes['channelSid'] ?? attributes['conversationSid'];
  return newTask(world, {
    attributes,
    ...(typeof conversationSid === 'string' && { conversationSid }),
    workflowSid: workflow.sid,
    taskChannelUniqueName: uniqueName,
    priority: parameters.integer('Priority') ?? 0,
    timeout: parameters.integer('Timeout') ?? DEFAULT_TASK_TIMEOUT,
  });
}

function attributesOf({ parameters }: Call): Record<string, unknown> | undefined {
  const given = parameters.json('Attributes');
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null) {
    throw badRequest('Invalid parameter Attributes: expected a JSON object');
  }
  if (!fitsTask(given)) throw badRequest('Attributes: more than 4096 characters');
  return { ...given };
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
    task_channel_sid: findTaskChannel(world.taskChannels, task.taskChannelUniqueName)?.sid ?? null,
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
