import { ACCOUNT, type Answer, type Call, type Form, type Json, type Stage } from './stage.ts';

export const SERVICE = `chat.twilio.com/v2/Services/${ACCOUNT.chatServiceSid}`;
export const CHANNELS = `${SERVICE}/Channels`;
export const FLEX = 'flex-api.twilio.com/v1';
export const TASKS = `taskrouter.twilio.com/v1/Workspaces/${ACCOUNT.workspaceSid}/Tasks`;

/** Integration `task` of a Flex Flow. */
export const TASK_INTEGRATION: Form = [
  ['IntegrationType', 'task'],
  ['Integration.WorkspaceSid', ACCOUNT.workspaceSid],
  ['Integration.WorkflowSid', ACCOUNT.workflows[0]?.sid ?? ''],
];

export const flexFlow = (integration: Form): Form => [
  ['FriendlyName', 'Custom chat'],
  ['ChatServiceSid', ACCOUNT.chatServiceSid],
  ['ChannelType', 'custom'],
  ['ContactIdentity', 'custom'],
  ['Enabled', 'true'],
  ...integration,
];

/** @returns the SID of an enabled Flex Flow. */
export async function createFlow(stage: Stage, integration: Form): Promise<string> {
  const { status, body } = await stage.rest('POST', `${FLEX}/FlexFlows`, flexFlow(integration));
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.sid;
}

export const openChannel = (stage: Stage, flowSid: string, more: Form = []): Promise<Answer> =>
  stage.rest('POST', `${FLEX}/Channels`, [
    ['FlexFlowSid', flowSid],
    ['Identity', 'customer-1'],
    ['ChatUserFriendlyName', 'Grace'],
    ['ChatFriendlyName', 'Chat with Grace'],
    ...more,
  ]);

export const addWebhook = (
  stage: Stage,
  channel: string,
  filters: readonly string[],
  more: Form = [],
): Promise<Answer> =>
  stage.rest('POST', `${CHANNELS}/${channel}/Webhooks`, [
    ['Type', 'webhook'],
    ['Configuration.Url', stage.hookUrl],
    ['Configuration.Method', 'POST'],
    ...filters.map((filter) => ['Configuration.Filters', filter] as const),
    ...more,
  ]);

/** Webhooks so far, by the name of their event; they keep no order among each other. */
export async function heard(stage: Stage): Promise<Call['form'][]> {
  await stage.twilio.settled();
  const forms = stage.calls.map(({ form }) => form);
  return forms.toSorted((one, other) =>
    (one['EventType'] ?? '').localeCompare(other['EventType'] ?? ''),
  );
}

export async function attributesOf(stage: Stage, channel: string): Promise<Json> {
  const { body } = await stage.rest('GET', `${CHANNELS}/${channel}`);
  return JSON.parse(body.attributes);
}

export async function tasksOf(stage: Stage): Promise<Json[]> {
  await stage.twilio.settled();
  return (await stage.desk('GET', '/agent/tasks')).body;
}
