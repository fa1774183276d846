/**
 * TaskRouter v1, as far as it is simulated. Tasks of interactions are made and ended through
 * the Interactions API.
 * Source: OpenAPI document `twilio_taskrouter_v1.json` in npm `@twilio/cli-core`.
 */
import { rowsOf } from '../rest/endpoint.ts';
import { integer, json, oneOf, paging, sid, text } from '../rest/parameter.ts';

export const TASKROUTER_HOST = 'taskrouter.twilio.com';

/** A task's states. */
export const ASSIGNMENT_STATUSES = [
  'pending',
  'reserved',
  'assigned',
  'wrapping',
  'completed',
  'canceled',
] as const;

const MAX_TIMEOUT_SECONDS = 1_209_600;

const row = rowsOf(TASKROUTER_HOST, '/v1/Workspaces');

const TASKS = '/{WorkspaceSid}/Tasks';
const WORKFLOWS = '/{WorkspaceSid}/Workflows';
const TASK_CHANNELS = '/{WorkspaceSid}/TaskChannels';

export const TASKROUTER_ENDPOINTS = [
  row('listWorkspaces', 'GET', '', 200, [text('FriendlyName'), ...paging(1000)]),
  row('fetchWorkspace', 'GET', '/{Sid}', 200),

  row('listWorkflows', 'GET', WORKFLOWS, 200, [text('FriendlyName'), ...paging(1000)]),
  row('fetchWorkflow', 'GET', `${WORKFLOWS}/{Sid}`, 200),

  row('listTaskChannels', 'GET', TASK_CHANNELS, 200, paging(1000)),
  row('fetchTaskChannel', 'GET', `${TASK_CHANNELS}/{Sid}`, 200),

  row('listWorkers', 'GET', '/{WorkspaceSid}/Workers', 200, [
    text('FriendlyName'),
    ...paging(1000),
  ]),

  row('listTasks', 'GET', TASKS, 200, [
    oneOf('AssignmentStatus', ASSIGNMENT_STATUSES, { repeated: true }),
    sid('WorkflowSid', 'WW'),
    text('EvaluateTaskAttributes'),
    ...paging(1000),
  ]),
  row('fetchTask', 'GET', `${TASKS}/{Sid}`, 200),
  row('createTask', 'POST', TASKS, 201, [
    json('Attributes'),
    sid('WorkflowSid', 'WW'),
    text('TaskChannel'),
    integer('Priority', 0),
    integer('Timeout', 1, MAX_TIMEOUT_SECONDS),
  ]),
  row('updateTask', 'POST', `${TASKS}/{Sid}`, 200, [
    json('Attributes'),
    oneOf('AssignmentStatus', ASSIGNMENT_STATUSES),
    text('Reason'),
    integer('Priority', 0),
  ]),
  row('deleteTask', 'DELETE', `${TASKS}/{Sid}`, 204),
] as const;

export type TaskRouterOperation = (typeof TASKROUTER_ENDPOINTS)[number]['operation'];
