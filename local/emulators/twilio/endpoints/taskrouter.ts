/**
 * TaskRouter v1, as far as it is simulated: looking tasks up. Tasks of interactions are made
 * and ended through the Interactions API only.
 * Source: OpenAPI document `twilio_taskrouter_v1.json` in npm `@twilio/cli-core`.
 */
import type { Endpoint } from './endpoint.ts';
import { oneOf, paging, sid, text } from './parameter.ts';

export const TASKROUTER_HOST = 'taskrouter.twilio.com';

export type TaskRouterOperation = 'listTasks' | 'fetchTask';

/** A task's states. */
export const ASSIGNMENT_STATUSES = [
  'pending',
  'reserved',
  'assigned',
  'wrapping',
  'completed',
  'canceled',
] as const;

const read = {
  method: 'GET',
  host: TASKROUTER_HOST,
  success: 200,
  takesWebhookHeader: false,
} as const;

export const TASKROUTER_ENDPOINTS: readonly Endpoint<TaskRouterOperation>[] = [
  {
    ...read,
    operation: 'listTasks',
    path: '/v1/Workspaces/{WorkspaceSid}/Tasks',
    parameters: [
      oneOf('AssignmentStatus', ASSIGNMENT_STATUSES, { repeated: true }),
      sid('WorkflowSid', 'WW'),
      text('EvaluateTaskAttributes'),
      ...paging(1000),
    ],
  },
  {
    ...read,
    operation: 'fetchTask',
    path: '/v1/Workspaces/{WorkspaceSid}/Tasks/{Sid}',
    parameters: [],
  },
];
