/** The task of one chat, as TaskRouter has it. */
import type { Config } from '#lib/config-schema';
import { orGone, type Twilio } from './client.ts';

const OVER = ['completed', 'canceled', 'wrapping'];
const REASON = 'flex-channel';
const MOST_TASKS = 50;

export interface ChatTask {
  readonly sid: string;
  readonly isOver: boolean;
  /** Twilio completes what an agent has, and cancels what nobody has. */
  readonly endsAs: 'completed' | 'canceled';
  /** Of the interaction that made it: such a task is ended by its channel. */
  readonly interaction?: { readonly sid: string; readonly channelSid: string };
}

export interface ChatTasks {
  /** All tasks of this channel. */
  of(channelSid: string): Promise<readonly ChatTask[]>;
  /** Nobody is offered the task any more. */
  end(task: ChatTask): Promise<void>;
  /** With its attributes. Removing what is gone is no error. */
  remove(sid: string): Promise<void>;
}

/** Both attributes that Flex and this channel write: which one, depends on who made the task. */
export function chatTasks(twilio: Twilio, config: Config): ChatTasks {
  const workspace = twilio.taskrouter.v1.workspaces(config.twilio.workspaceSid);
  const search = (attribute: string, channelSid: string) =>
    workspace.tasks.list({
      evaluateTaskAttributes: `${attribute} == "${channelSid}"`,
      limit: MOST_TASKS,
    });
  return {
    async of(channelSid) {
      const byFlex =
        config.flex.backEnd === 'conversations' ? await search('conversationSid', channelSid) : [];
      // Studio writes `channelSid` for a conversation, too.
      const tasks = byFlex.length > 0 ? byFlex : await search('channelSid', channelSid);
      return tasks.map(({ sid, assignmentStatus, attributes }) => ({
        sid,
        isOver: OVER.includes(assignmentStatus),
        endsAs: assignmentStatus === 'assigned' ? 'completed' : 'canceled',
        ...interactionIn(attributes),
      }));
    },
    async end({ sid, endsAs, interaction }) {
      if (interaction === undefined) {
        await workspace.tasks(sid).update({ assignmentStatus: endsAs, reason: REASON });
        return;
      }
      const { channels } = twilio.flexApi.v1.interaction(interaction.sid);
      await channels(interaction.channelSid).update({ status: 'closed' });
    },
    remove: (sid) => orGone(workspace.tasks(sid).remove()),
  };
}

/** Anybody may write attributes. */
function interactionIn(attributes: string): Pick<ChatTask, 'interaction'> {
  const { flexInteractionSid: sid, flexInteractionChannelSid: channelSid } = parsed(attributes);
  return typeof sid === 'string' && typeof channelSid === 'string'
    ? { interaction: { sid, channelSid } }
    : {};
}

function parsed(json: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(json)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
