/** TaskRouter's tasks, which both back ends have behind a chat. */
import * as v from 'valibot';
import type { ChannelSid } from '#core/ids';
import { TASKROUTER_HOST } from '../rest/hosts.ts';
import { attributesSchema } from '../rest/json-text.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';

const TaskSchema = v.pipe(
  v.object({
    sid: v.string(),
    assignment_status: v.string(),
    attributes: attributesSchema,
    workflow_sid: v.nullish(v.string()),
    task_channel_unique_name: v.nullish(v.string()),
  }),
  v.transform((task) => ({
    sid: task.sid,
    status: task.assignment_status,
    attributes: task.attributes,
    workflowSid: task.workflow_sid ?? undefined,
    taskChannel: task.task_channel_unique_name ?? undefined,
  })),
);

const TasksSchema = v.object({ tasks: v.array(TaskSchema) });

export type Task = v.InferOutput<typeof TaskSchema>;

/** TaskRouter is to find an agent for it. */
export function isWaiting({ status }: Task): boolean {
  return status === 'pending' || status === 'reserved';
}

/** An agent has it, or TaskRouter is to find one. An agent who wraps up does not read any more. */
export function isOngoing(task: Task | undefined): task is Task {
  return task !== undefined && (isWaiting(task) || task.status === 'assigned');
}

/** @returns undefined for no SID, and for one that TaskRouter does not know (any more, or not yet). */
export async function readTask(
  rest: TwilioRest,
  workspaceSid: string,
  taskSid: string | undefined,
): Promise<Task | undefined> {
  if (taskSid === undefined) return undefined;
  return unlessUnknown<Task | undefined>(undefined, () =>
    rest({
      method: 'GET',
      host: TASKROUTER_HOST,
      path: path`/v1/Workspaces/${workspaceSid}/Tasks/${taskSid}`,
      answer: TaskSchema,
    }),
  );
}

/**
 * Searches the tasks of a channel; one that was made just now may be missing. Twilio serves three
 * such searches a second in the whole account: only where the task is not known otherwise.
 *
 * @throws ChatError `MISCONFIGURED` when there is no such workspace.
 */
export async function findTasks(
  rest: TwilioRest,
  workspaceSid: string,
  attribute: 'conversationSid' | 'channelSid',
  channel: ChannelSid,
): Promise<readonly Task[]> {
  const { tasks } = await rest({
    method: 'GET',
    host: TASKROUTER_HOST,
    path: path`/v1/Workspaces/${workspaceSid}/Tasks`,
    form: { EvaluateTaskAttributes: `${attribute} == "${channel}"` },
    answer: TasksSchema,
    notFound: 'MISCONFIGURED',
  });
  return tasks;
}
