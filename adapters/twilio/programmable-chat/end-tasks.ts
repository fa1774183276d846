/** The agent's tasks of a channel, and how a customer's end of the chat ends them. */
import * as v from 'valibot';
import { hasCode } from '#core/errors';
import type { ChannelSid } from '#core/ids';
import type { Channel } from '#core/session';
import { findTasks, isWaiting, readTask, type Task } from '../flex/tasks.ts';
import { FLEX_HOST, TASKROUTER_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';
import type { ProgrammableChatConfig } from './config.ts';

/** An agent may accept the task while it is being cancelled; hardly more than once. */
const MAX_ATTEMPTS = 3;

const REASON = 'The customer ended the chat.';

const FlexChannelSchema = v.object({ task_sid: v.nullish(v.string()) });

/** Ends the task of a channel, if it has one. Another is searched for only when the known one is over. */
export async function endTasks(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
  { sid, taskSid }: Channel,
): Promise<void> {
  const known = taskSid ?? (await taskMadeByFlex(rest, config, sid));
  if (known !== undefined && (await endTask(rest, config, known))) return;
  // A transfer may have made another one. A search may not show the newest yet.
  for (const task of await findTasks(rest, config.workspaceSid, 'channelSid', sid)) {
    if (task.sid !== known) await endTask(rest, config, task.sid);
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

/**
 * TaskRouter refuses a step that does not fit the task's state: then an agent has changed it since
 * we read it. If it refuses every step, the task is left to the agent, and the chat ends without it.
 *
 * @returns whether somebody had the task or was to get it.
 */
async function endTask(
  rest: TwilioRest,
  { workspaceSid }: ProgrammableChatConfig,
  taskSid: string,
): Promise<boolean> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    // A task is deleted some minutes after its end.
    const next = nextStatus(await readTask(rest, workspaceSid, taskSid));
    if (next === undefined) return false;
    try {
      await rest({
        method: 'POST',
        host: TASKROUTER_HOST,
        path: path`/v1/Workspaces/${workspaceSid}/Tasks/${taskSid}`,
        form: { AssignmentStatus: next, Reason: REASON },
        answer: v.unknown(),
      });
      return true;
    } catch (error) {
      if (!hasCode(error, 'UPSTREAM_REFUSED') && !hasCode(error, 'NO_CHAT')) throw error;
    }
  }
  return true;
}

/** @returns undefined when the task has come to its end. */
function nextStatus(task: Task | undefined): string | undefined {
  if (task !== undefined && isWaiting(task)) return 'canceled';
  // Not completed: the agent is to see the end and wrap up.
  return task?.status === 'assigned' ? 'wrapping' : undefined;
}
