/**
 * A service as an operator writes it for routing `external`: told of a chat's messages, it makes
 * the first of them an agent's work. It has one route for both back ends and keeps no state
 * beyond the channels it has seen.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TwilioAccount } from './emulators/twilio/options.ts';

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
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await read(request));
    const conversation = form.get('ConversationSid');
    const channel = conversation ?? form.get('ChannelSid');
    if (channel !== null && !seen.has(channel)) {
      seen.add(channel);
      const route = conversation === null ? createTask : createInteraction;
      if (!(await route(options, channel))) seen.delete(channel);
    }
    response.end();
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/new-chat`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

type Options = Parameters<typeof startExternalRouter>[0];

/** Flex Conversations: an interaction on the conversation. Flex drops a second one. */
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
  return answer.ok;
}

/** Programmable Chat: a task that names the channel. */
async function createTask(options: Options, channel: string): Promise<boolean> {
  const { workspaceSid, chatServiceSid, workflows } = options.account;
  const path = `chat.twilio.com/v2/Services/${chatServiceSid}/Channels/${channel}`;
  const { pre_engagement_data: customer = {} } = await attributesAt(options, path);
  const data = typeof customer === 'string' ? JSON.parse(customer) : customer;
  const answer = await call(
    options,
    'POST',
    `taskrouter.twilio.com/v1/Workspaces/${workspaceSid}/Tasks`,
    {
      WorkflowSid: workflows[0]?.sid ?? '',
      TaskChannel: workflows[0]?.taskChannel ?? 'chat',
      Attributes: JSON.stringify({
        name: data.name ?? 'Customer',
        channelType: 'web',
        channelSid: channel,
        pre_engagement_data: data,
      }),
    },
  );
  return answer.ok;
}

/** Attributes are JSON text in every answer of Twilio. */
async function attributesAt(options: Options, path: string) {
  const answer = await call(options, 'GET', path);
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

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
