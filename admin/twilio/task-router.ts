/** Workflows and task channels that the configuration leaves open. */
import { CommandError } from '../command.ts';
import { orAbsent, type Twilio } from './client.ts';

/** Flex makes it in its workspace; agents' web chats use it. */
export const DEFAULT_TASK_CHANNEL = 'chat';

export interface TaskChannel {
  readonly sid: string;
  readonly uniqueName: string;
}

/** The configuration leaves something open that only its owner can choose. */
export class OpenChoiceError extends CommandError {
  readonly detail: string;
  readonly cure: string;

  constructor(detail: string, cure: string) {
    super(`${detail}; ${cure}`);
    this.detail = detail;
    this.cure = cure;
  }
}

/** @throws OpenChoiceError when the workspace has no such task channel. */
export async function findTaskChannel(
  twilio: Twilio,
  workspaceSid: string,
  uniqueName = DEFAULT_TASK_CHANNEL,
): Promise<TaskChannel> {
  const channels = await twilio.taskrouter.v1.workspaces(workspaceSid).taskChannels.list();
  const channel = channels.find((each) => each.uniqueName === uniqueName);
  if (channel !== undefined) return channel;
  const names = channels.map((each) => each.uniqueName).join(', ') || 'none';
  throw new OpenChoiceError(
    `workspace ${workspaceSid} has no task channel "${uniqueName}" (it has: ${names})`,
    'correct flex.routing.taskChannel',
  );
}

/** @throws OpenChoiceError when there is none, or several to choose from. */
export async function onlyWorkflow(twilio: Twilio, workspaceSid: string): Promise<string> {
  const list = twilio.taskrouter.v1.workspaces(workspaceSid).workflows.list();
  const workflows = (await orAbsent(list)) ?? [];
  const [first] = workflows;
  if (first !== undefined && workflows.length === 1) return first.sid;
  const names = workflows.map(({ sid, friendlyName }) => `${friendlyName} (${sid})`).join(', ');
  throw new OpenChoiceError(
    `workspace ${workspaceSid} has ${names === '' ? 'no workflow' : `several workflows: ${names}`}`,
    'set flex.routing.workflowSid to the one that the Studio flow shall send to',
  );
}
