import * as v from 'valibot';
import type { FlexChannels } from '#core/flex';
import { taskAttributes } from '../flex/customer-attributes.ts';
import { findTasks, isOngoing, readTask } from '../flex/tasks.ts';
import { TASKROUTER_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import { findChannel } from './channel.ts';
import type { ProgrammableChatConfig } from './config.ts';

const CreatedSchema = v.object({ sid: v.string() });

/** Who serves a channel of Programmable Chat, and how it is routed again. */
export function createProgrammableChatServing(
  rest: TwilioRest,
  config: ProgrammableChatConfig,
): Pick<FlexChannels, 'awaitsTask' | 'taskGoesOn' | 'service' | 'rerouteChannel'> {
  const { workspaceSid, integration } = config;
  const taskOf = (taskSid: string | undefined) => readTask(rest, workspaceSid, taskSid);
  return {
    awaitsTask: integration === 'task',

    taskGoesOn: async (taskSid) => isOngoing(await taskOf(taskSid)),

    async service({ sid, taskSid }) {
      const [found, known] = await Promise.all([findChannel(rest, config, sid), taskOf(taskSid)]);
      if (found === undefined) return { kind: 'gone' };
      if (found.state === 'ended') return { kind: 'ended' };
      if (isOngoing(known)) return { kind: 'task', taskSid: known.sid };
      // Flex notes the task that it made itself in the channel's attributes.
      const noted = found.channel.taskSid;
      const made = noted === taskSid ? undefined : await taskOf(noted);
      if (isOngoing(made)) return { kind: 'task', taskSid: made.sid };
      const ongoing = (await findTasks(rest, workspaceSid, 'channelSid', sid)).find(isOngoing);
      return ongoing === undefined ? { kind: 'none' } : { kind: 'task', taskSid: ongoing.sid };
    },

    async rerouteChannel(channel, _chat, profile) {
      const former = await taskOf(channel.taskSid);
      const attributes = former?.attributes ?? taskAttributes(channel.sid, profile);
      const { sid } = await rest({
        method: 'POST',
        host: TASKROUTER_HOST,
        path: path`/v1/Workspaces/${workspaceSid}/Tasks`,
        form: {
          Attributes: JSON.stringify(attributes),
          // Without one TaskRouter takes the workspace's only workflow.
          WorkflowSid: config.workflowSid ?? former?.workflowSid,
          TaskChannel: config.taskChannel ?? former?.taskChannel ?? 'chat',
        },
        answer: CreatedSchema,
        notFound: 'MISCONFIGURED',
      });
      return { ...channel, taskSid: sid };
    },
  };
}
