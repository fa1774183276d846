/** A Twilio account with what an admin sets up, answered by script in the documented shapes. */
import { type StubAnswer, type StubRequest, startHttpStub } from './http-stub.ts';
import { EVENT_ROUTES } from './scripted-event-streams.ts';
import {
  type Json,
  list,
  newSid,
  on,
  type Route,
  type ScriptedAccount,
  sid,
} from './scripted-shapes.ts';

export { type Json, type ScriptedAccount, sid };

export const ACCOUNT_SID = sid('AC', 'a');
export const CHAT_SERVICE_SID = sid('IS', 'b');
export const WORKSPACE_SID = sid('WS', 'c');
export const WORKFLOW_SID = sid('WW', 'd');
export const TASK_CHANNEL_SID = sid('TC', 'e');
export const INSTANCE_SID = sid('GO', 'f');
export const AUTH_TOKEN = '0123456789abcdef'.repeat(2);
export const API_KEY = { sid: sid('SK', '1'), secret: 'Xy'.repeat(16) };

export function anAccount(): ScriptedAccount {
  const chatTaskChannel = {
    sid: TASK_CHANNEL_SID,
    unique_name: 'chat',
    friendly_name: 'Programmable Chat',
  };
  return {
    accountSid: ACCOUNT_SID,
    status: 'active',
    authToken: AUTH_TOKEN,
    apiKey: API_KEY,
    aheadMs: 0,
    defaultChatServiceSid: CHAT_SERVICE_SID,
    flex: {
      chatServiceSid: CHAT_SERVICE_SID,
      workspaceSid: WORKSPACE_SID,
      instanceSid: INSTANCE_SID,
    },
    chatServices: new Map([
      [
        CHAT_SERVICE_SID,
        { pre_webhook_url: '', post_webhook_url: '', webhook_method: 'POST', webhook_filters: [] },
      ],
    ]),
    workspaces: new Map([
      [
        WORKSPACE_SID,
        {
          name: 'Flex Task Assignment',
          workflows: new Map([[WORKFLOW_SID, 'Assign to Anyone']]),
          taskChannels: [chatTaskChannel],
        },
      ],
    ]),
    flexFlows: new Map(),
    studioFlows: new Map(),
    interactionWebhooks: new Map(),
    sinks: new Map(),
    subscriptions: new Map(),
    conversations: new Map(),
  };
}

export interface ScriptedTwilio {
  readonly url: string;
  readonly requests: readonly StubRequest[];
  /** What was changed, as `METHOD host/path`. */
  writes(): string[];
  stop(): Promise<void>;
}

export async function startScriptedTwilio(account: ScriptedAccount): Promise<ScriptedTwilio> {
  const stub = await startHttpStub((request) => answer(account, request));
  return {
    url: stub.url,
    requests: stub.requests,
    writes: () =>
      stub.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.slice(1)}`),
    stop: () => stub.stop(),
  };
}

function answer(account: ScriptedAccount, request: StubRequest): StubAnswer {
  const headers = {
    'content-type': 'application/json',
    date: new Date(Date.now() + account.aheadMs).toUTCString(),
  };
  const [status, body] = isLetIn(account, request)
    ? route(account, request)
    : [401, { code: 20003, message: 'Authenticate', status: 401 }];
  return { status, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
}

/** A Standard API key may do everything but read the account itself. */
function isLetIn(
  { accountSid, authToken, apiKey }: ScriptedAccount,
  { headers, path }: StubRequest,
): boolean {
  const encoded = (headers.authorization ?? '').slice('Basic '.length);
  const given = Buffer.from(encoded, 'base64').toString();
  const isOfAccount = path.startsWith('/api.twilio.com/2010-04-01/Accounts');
  if (given === `${apiKey.sid}:${apiKey.secret}`) return !isOfAccount;
  return given === `${accountSid}:${authToken}`;
}

function route(account: ScriptedAccount, { method, path, body }: StubRequest): [number, Json] {
  const url = new URL(`http://twilio${path}`);
  for (const [wanted, pattern, respond] of ROUTES) {
    const match = wanted === method ? pattern.exec(url.pathname) : null;
    if (match === null) continue;
    const call = {
      account,
      path: match.slice(1),
      query: url.searchParams,
      form: new URLSearchParams(body),
    };
    const found = respond(call);
    if (method === 'DELETE') return [204, undefined];
    // A POST to a collection creates.
    const isNew =
      method === 'POST' && !/(\/Validate|\/[A-Z]{2}\w{32}|\/flex_\w+)$/.test(url.pathname);
    if (found !== undefined) return [isNew ? 201 : 200, found];
  }
  return [404, { code: 20404, message: `The requested resource ${url.pathname} was not found` }];
}

const FLEX = '^/flex-api\\.twilio\\.com/v1';
const TASKROUTER = '^/taskrouter\\.twilio\\.com/v1/Workspaces';
const CONVERSATIONS = '^/conversations\\.twilio\\.com/v1';
const STUDIO = '^/studio\\.twilio\\.com/v2/Flows';
const CHAT = '^/chat\\.twilio\\.com/v2/Services';

const ROUTES: readonly Route[] = [
  ...EVENT_ROUTES,
  on('GET', '^/api\\.twilio\\.com/2010-04-01/Accounts/(\\w+)\\.json', ({ account, path }) =>
    path[0] === account.accountSid ? { sid: path[0], status: account.status } : undefined,
  ),
  on('GET', `${FLEX}/Configuration`, ({ account: { flex, accountSid } }) => ({
    account_sid: accountSid,
    chat_service_instance_sid: flex.chatServiceSid,
    taskrouter_workspace_sid: flex.workspaceSid,
    flex_instance_sid: flex.instanceSid,
  })),
  on('GET', `${CONVERSATIONS}/Configuration`, ({ account }) => ({
    account_sid: account.accountSid,
    default_chat_service_sid: account.defaultChatServiceSid,
  })),

  on('GET', TASKROUTER, ({ account }) =>
    list(
      'workspaces',
      [...account.workspaces].map(([each, { name }]) => ({ sid: each, friendly_name: name })),
    ),
  ),
  on('GET', `${TASKROUTER}/(\\w+)`, ({ account, path }) => {
    const workspace = account.workspaces.get(path[0] ?? '');
    return workspace && { sid: path[0], friendly_name: workspace.name };
  }),
  on('GET', `${TASKROUTER}/(\\w+)/Workflows`, ({ account, path }) => {
    const workflows = account.workspaces.get(path[0] ?? '')?.workflows;
    return (
      workflows &&
      list(
        'workflows',
        [...workflows].map(([each, name]) => ({ sid: each, friendly_name: name })),
      )
    );
  }),
  on('GET', `${TASKROUTER}/(\\w+)/Workflows/(\\w+)`, ({ account, path }) => {
    const name = account.workspaces.get(path[0] ?? '')?.workflows.get(path[1] ?? '');
    return name && { sid: path[1], friendly_name: name, workspace_sid: path[0] };
  }),
  on('GET', `${TASKROUTER}/(\\w+)/TaskChannels`, ({ account, path }) => {
    const channels = account.workspaces.get(path[0] ?? '')?.taskChannels;
    return channels && list('channels', channels);
  }),

  on('GET', `${CHAT}/(\\w+)`, ({ account, path }) => {
    const service = account.chatServices.get(path[0] ?? '');
    return service && { sid: path[0], ...service };
  }),
  on('POST', `${CHAT}/(\\w+)`, ({ account, path, form }) => {
    const service = account.chatServices.get(path[0] ?? '');
    if (form.has('PostWebhookUrl')) service.post_webhook_url = form.get('PostWebhookUrl');
    if (form.has('WebhookMethod')) service.webhook_method = form.get('WebhookMethod');
    if (form.has('WebhookFilters')) service.webhook_filters = form.getAll('WebhookFilters');
    return { sid: path[0], ...service };
  }),

  on('GET', STUDIO, ({ account }) => list('flows', account.studioFlows.values())),
  on('POST', `${STUDIO}/Validate`, ({ form }) => ({
    valid: JSON.parse(form.get('Definition') ?? '{}').initial_state !== undefined,
  })),
  on('POST', STUDIO, ({ account, form }) =>
    writeStudioFlow(account, newSid('FW', account.studioFlows), form),
  ),
  on('GET', `${STUDIO}/(\\w+)`, ({ account, path }) => account.studioFlows.get(path[0] ?? '')),
  on('POST', `${STUDIO}/(\\w+)`, ({ account, path, form }) =>
    writeStudioFlow(account, path[0] ?? '', form),
  ),
  on('DELETE', `${STUDIO}/(\\w+)`, ({ account, path }) =>
    account.studioFlows.delete(path[0] ?? ''),
  ),

  on('GET', `${FLEX}/FlexFlows`, ({ account }) => list('flex_flows', account.flexFlows.values())),
  on('POST', `${FLEX}/FlexFlows`, ({ account, form }) =>
    writeFlexFlow(account, newSid('FO', account.flexFlows), form),
  ),
  on('GET', `${FLEX}/FlexFlows/(\\w+)`, ({ account, path }) =>
    account.flexFlows.get(path[0] ?? ''),
  ),
  on('POST', `${FLEX}/FlexFlows/(\\w+)`, ({ account, path, form }) =>
    writeFlexFlow(account, path[0] ?? '', form),
  ),
  on('DELETE', `${FLEX}/FlexFlows/(\\w+)`, ({ account, path }) =>
    account.flexFlows.delete(path[0] ?? ''),
  ),

  on('GET', `${FLEX}/Instances/(\\w+)/InteractionWebhooks`, ({ account, path, query }) =>
    path[0] === account.flex.instanceSid
      ? list(
          'data',
          // As the documentation's example of a list shows them: without their names.
          [...account.interactionWebhooks.values()]
            .filter(({ type }) => type === (query.get('type') ?? 'global'))
            .map(({ friendly_name: _, ...rest }) => rest),
        )
      : undefined,
  ),
  on('GET', `${FLEX}/Instances/\\w+/InteractionWebhooks/(\\w+)`, ({ account, path }) =>
    account.interactionWebhooks.get(path[0] ?? ''),
  ),
  on('POST', `${FLEX}/Instances/\\w+/InteractionWebhooks`, ({ account, form }) =>
    writeInteractionWebhook(
      account,
      `flex_interactionwebhook_${account.interactionWebhooks.size + 1}`,
      form,
    ),
  ),
  on('POST', `${FLEX}/Instances/\\w+/InteractionWebhooks/(\\w+)`, ({ account, path, form }) =>
    writeInteractionWebhook(account, path[0] ?? '', form),
  ),
  on('DELETE', `${FLEX}/Instances/\\w+/InteractionWebhooks/(\\w+)`, ({ account, path }) =>
    account.interactionWebhooks.delete(path[0] ?? ''),
  ),

  on('GET', `${CONVERSATIONS}/Services/\\w+/Conversations`, ({ account }) =>
    list(
      'conversations',
      [...account.conversations.keys()].map((each) => ({ sid: each, state: 'active' })),
    ),
  ),
  on('GET', `${CONVERSATIONS}/Services/\\w+/Conversations/(\\w+)/Webhooks`, ({ account, path }) =>
    list(
      'webhooks',
      (account.conversations.get(path[0] ?? '') ?? []).map((url) => ({ configuration: { url } })),
    ),
  ),
];

function writeStudioFlow({ studioFlows }: ScriptedAccount, flowSid: string, form: URLSearchParams) {
  const before = studioFlows.get(flowSid);
  const flow = {
    ...before,
    sid: flowSid,
    friendly_name: form.get('FriendlyName'),
    status: form.get('Status'),
    definition: JSON.parse(form.get('Definition') ?? '{}'),
    commit_message: form.get('CommitMessage'),
    revision: (before?.revision ?? 0) + 1,
    valid: true,
  };
  studioFlows.set(flowSid, flow);
  return flow;
}

function writeFlexFlow({ flexFlows }: ScriptedAccount, flowSid: string, form: URLSearchParams) {
  const isTrue = (name: string) => form.get(name) === 'true';
  const flow = {
    sid: flowSid,
    friendly_name: form.get('FriendlyName'),
    chat_service_sid: form.get('ChatServiceSid'),
    channel_type: form.get('ChannelType'),
    contact_identity: form.get('ContactIdentity'),
    enabled: isTrue('Enabled'),
    integration_type: form.get('IntegrationType'),
    integration: {
      flow_sid: form.get('Integration.FlowSid') ?? undefined,
      url: form.get('Integration.Url') ?? undefined,
      workspace_sid: form.get('Integration.WorkspaceSid') ?? undefined,
      workflow_sid: form.get('Integration.WorkflowSid') ?? undefined,
      channel: form.get('Integration.Channel') ?? undefined,
      creation_on_message: form.get('Integration.CreationOnMessage') === 'true' || undefined,
    },
    long_lived: isTrue('LongLived'),
    janitor_enabled: isTrue('JanitorEnabled'),
  };
  flexFlows.set(flowSid, flow);
  return flow;
}

function writeInteractionWebhook(
  { interactionWebhooks, flex }: ScriptedAccount,
  ttid: string,
  form: URLSearchParams,
) {
  const webhook = {
    ttid,
    instance_sid: flex.instanceSid,
    webhook_url: form.get('WebhookUrl'),
    webhook_events: form.getAll('WebhookEvents'),
    webhook_method: form.get('WebhookMethod'),
    friendly_name: form.get('FriendlyName'),
    type: form.get('Type') ?? interactionWebhooks.get(ttid)?.type,
  };
  interactionWebhooks.set(ttid, webhook);
  return webhook;
}
