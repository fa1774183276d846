/**
 * A service as an operator writes it for routing `external`: told of a chat's messages, it makes
 * the first of them an agent's work. It has one route for both back ends. What it remembers only
 * saves questions: started anew, it finds out from Twilio what is an agent's work already.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { TwilioAccount } from './emulators/twilio/options.ts';
import { signWebhook } from './emulators/twilio/webhooks/signature.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { isFromHere, readBodyUpTo } from './own-site.ts';

const PATH = '/new-chat';
const MAX_BODY_BYTES = 256 * 1024;

export interface ExternalRouter {
  readonly url: string;
  close(): Promise<void>;
}

export async function startExternalRouter(options: {
  readonly account: TwilioAccount;
  readonly twilioUrl: string;
  /** 0 takes a free one. */
  readonly port: number;
}): Promise<ExternalRouter> {
  const seen = new Set<string>();
  const hear = async (form: URLSearchParams): Promise<void> => {
    const conversation = form.get('ConversationSid');
    const channel = conversation ?? form.get('ChannelSid');
    if (channel === null || !/^CH[0-9a-f]{32}$/.test(channel) || seen.has(channel)) return;
    seen.add(channel);
    const route = conversation === null ? findOrCreateTask : createInteraction;
    const isRouted = await route(options, channel).catch(() => false);
    // The next message of the chat tries again.
    if (!isRouted) seen.delete(channel);
  };
  let url = '';
  const server = createServer((request, response) => {
    answerTo(request, options.account, url, hear).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  const loopback = await listenOnLoopback(server, options.port);
  url = `${loopback.url}${PATH}`;
  return { url, close: loopback.close };
}

type Options = Parameters<typeof startExternalRouter>[0];

/** Hears Twilio, and nobody else: whoever may write here makes work for agents. @returns the status. */
async function answerTo(
  request: IncomingMessage,
  { authToken }: TwilioAccount,
  url: string,
  hear: (form: URLSearchParams) => Promise<void>,
): Promise<number> {
  if (!isFromHere(request)) return 403;
  if (request.url !== PATH) return 404;
  if (request.method !== 'POST') return 405;
  const body = await readBodyUpTo(request, MAX_BODY_BYTES);
  if (body === undefined) return 413;
  const form = new URLSearchParams(body.toString());
  const expected = signWebhook(authToken, url, Object.fromEntries(form));
  if (request.headers['x-twilio-signature'] !== expected) return 403;
  await hear(form);
  return 200;
}

/** Twilio's code for a conversation that has an interaction: Flex drops a second one. */
const INTERACTION_EXISTS = 45353;

/** Flex Conversations: an interaction on the conversation. */
async function createInteraction(options: Options, conversation: string): Promise<boolean> {
  const { workspaceSid, chatServiceSid, workflows } = options.account;
  const path = `conversations.twilio.com/v1/Services/${chatServiceSid}/Conversations/${conversation}`;
  const customer = await attributesAt(options, path);
  const attributesOfTask = { ...customer, channelType: 'web', channelSid: conversation };
  const answer = await call(options, 'POST', 'flex-api.twilio.com/v1/Interactions', {
    Channel: JSON.stringify({
      type: 'web',
      initiated_by: 'customer',
      properties: { media_channel_sid: conversation },
    }),
    Routing: JSON.stringify({
      properties: {
        workspace_sid: workspaceSid,
        workflow_sid: workflows[0]?.sid,
        attributes: attributesOfTask,
      },
    }),
  });
  return answer.ok || ((await answer.json()) as { code: number }).code === INTERACTION_EXISTS;
}

/** Programmable Chat: a task that names the channel. TaskRouter takes any number of them. */
async function findOrCreateTask(options: Options, channel: string): Promise<boolean> {
  const search = new URLSearchParams({ EvaluateTaskAttributes: `channelSid == "${channel}"` });
  const answer = await call(options, 'GET', `${tasksAt(options)}?${search}`);
  if (!answer.ok) return false;
  const { tasks } = (await answer.json()) as { tasks: unknown[] };
  return tasks.length > 0 || createTask(options, channel);
}

async function createTask(options: Options, channel: string): Promise<boolean> {
  const { chatServiceSid, workflows } = options.account;
  const path = `chat.twilio.com/v2/Services/${chatServiceSid}/Channels/${channel}`;
  const { pre_engagement_data: customer = {} } = await attributesAt(options, path);
  const data = typeof customer === 'string' ? JSON.parse(customer) : customer;
  const answer = await call(options, 'POST', tasksAt(options), {
    WorkflowSid: workflows[0]?.sid ?? '',
    TaskChannel: workflows[0]?.taskChannel ?? 'chat',
    Attributes: JSON.stringify({
      name: data.name ?? 'Customer',
      channelType: 'web',
      channelSid: channel,
      pre_engagement_data: data,
    }),
  });
  return answer.ok;
}

const tasksAt = ({ account }: Options): string =>
  `taskrouter.twilio.com/v1/Workspaces/${account.workspaceSid}/Tasks`;

/** Attributes are JSON text in every answer of Twilio. @throws Error when there is none. */
async function attributesAt(options: Options, path: string) {
  const answer = await call(options, 'GET', path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const { attributes } = (await answer.json()) as { attributes: string };
  return JSON.parse(attributes);
}

function call(
  { account, twilioUrl }: Options,
  method: string,
  path: string,
  form?: Record<string, string>,
): Promise<Response> {
  const credentials = Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64');
  return fetch(`${twilioUrl}/${path}`, {
    method,
    headers: { authorization: `Basic ${credentials}` },
    ...(form && { body: new URLSearchParams(form) }),
  });
}
