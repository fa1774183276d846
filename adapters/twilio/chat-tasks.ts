/** The agent's tasks of a channel, and how a customer's end of the chat ends them. */
import * as v from 'valibot';
import { hasCode } from '#core/errors';
import type { ChannelSid } from '#core/ids';
import type { Channel } from '#core/session';
import type { ProgrammableChatConfig } from './chat-config.ts';
import { FLEX_HOST, TASKROUTER_HOST } from './hosts.ts';
import type { TwilioRest } from './rest-client.ts';
import { path } from './twilio-path.ts';
import { unlessUnknown } from './unless-unknown.ts';

/** An agent may accept the task while it is being cancelled; hardly more than once. */
const MAX_ATTEMPTS = 3;

const REASON = 'The customer ended the chat.';

const TaskSchema = v.object({ assignment_status: v.string() });
const TasksSchema = v.object({ tasks: v.array(v.object({ sid: v.string() })) });
const FlexChannelSchema = v.object({ task_sid: v.nullish(v.string()) });

/** Ends all tasks of a channel; none is fine. */
export async function endTasks(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  { sid, taskSid }: Channel,
): Promise<void> {
  const made = taskSid ?? (await taskMadeByFlex(rest, config, sid));
  // A transfer may have made another one. A search may not show the newest yet.
  const found = await findTasks(rest, config, sid);
  for (const task of new Set(made === undefined ? found : [made, ...found])) {
    await endTask(rest, config, task);
  }
}

/** The task that the Flex Flow itself made. Those of flows and of others are found by search only. */
async function taskMadeByFlex(
  rest: TwilioRest,
  { integration }: ProgrammableChatConfig,
  channel: ChannelSid,
): Promise<string | undefined> {
  if (integration !== 'task') return undefined;
  return unlessUnknown(undefined, async () => {
    const { task_sid: taskSid } = await rest({
      method: 'GET',
      host: FLEX_HOST,
      path: path`/v1/Channels/${channel}`,
      answer: FlexChannelSchema,
    });
    return taskSid ?? undefined;
  });
}

async function findTasks(
  rest: TwilioRest,
  { workspaceSid }: ProgrammableChatConfig,
  channel: ChannelSid,
): Promise<string[]> {
  const { tasks } = await rest({
    method: 'GET',
    host: TASKROUTER_HOST,
    path: path`/v1/Workspaces/${workspaceSid}/Tasks`,
    form: { EvaluateTaskAttributes: `channelSid == "${channel}"` },
    answer: TasksSchema,
    notFound: 'MISCONFIGURED',
  });
  return tasks.map(({ sid }) => sid);
}

/**
 * TaskRouter refuses a step that does not fit the task's state: then that has changed meanwhile.
 * A task whose every step it refuses is left to the agent: the end of the chat does not wait.
 */
async function endTask(
  rest: TwilioRest,
  { workspaceSid }: ProgrammableChatConfig,
  taskSid: string,
): Promise<void> {
  const task = {
    host: TASKROUTER_HOST,
    path: path`/v1/Workspaces/${workspaceSid}/Tasks/${taskSid}`,
  };
  const advance = async (): Promise<boolean> => {
    const { assignment_status } = await rest({ ...task, method: 'GET', answer: TaskSchema });
    const next = nextStatus(assignment_status);
    if (next === undefined) return true;
    const form = { AssignmentStatus: next, Reason: REASON };
    try {
      await rest({ ...task, method: 'POST', form, answer: v.unknown() });
      return true;
    } catch (error) {
      if (hasCode(error, 'UPSTREAM_REFUSED')) return false;
      throw error;
    }
  };
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    // A task is deleted some minutes after its end.
    if (await unlessUnknown(true, advance)) return;
  }
}

/** @returns undefined when the task has come to its end. */
function nextStatus(assignmentStatus: string): string | undefined {
  switch (assignmentStatus) {
    case 'pending':
    case 'reserved':
      return 'canceled';
    case 'assigned':
      // Not completed: the agent is to see the end and wrap up.
      return 'wrapping';
    default:
      return undefined;
  }
}
