import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TwilioAccount, TwilioOptions } from '#local/emulators/twilio/options';
import { startTwilio, type TwilioSimulator } from '#local/emulators/twilio/start';

const sid = (prefix: string, digit: string): string => prefix + digit.repeat(32);

export const ACCOUNT: TwilioAccount = {
  accountSid: sid('AC', 'a'),
  authToken: 'local-auth-token',
  apiKeys: [{ sid: sid('SK', 'b'), secret: 'local-key-secret' }],
  chatServiceSid: sid('IS', 'c'),
  workspaceSid: sid('WS', 'd'),
  workflows: [{ sid: sid('WW', 'e') }],
  studioFlows: [
    { sid: sid('FW', '1'), botReply: 'Hello, I am a bot.' },
    { sid: sid('FW', '2'), botReply: 'Hello from a widget.', via: 'widget' },
  ],
  flexInstanceSid: sid('GO', 'f'),
};

export type Form = readonly (readonly [name: string, value: string])[];

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** One webhook as the called server saw it. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: string;
  readonly form: Readonly<Record<string, string>>;
}

/** A simulator with a client, and a server for its webhooks. */
export interface Stage {
  readonly twilio: TwilioSimulator;
  readonly calls: Call[];
  /** Where webhooks may be sent. */
  readonly hookUrl: string;
  rest(method: string, hostAndPath: string, form?: Form, headers?: object): Promise<Answer>;
  desk(method: string, path: string, body?: unknown, headers?: object): Promise<Answer>;
  /** A conversation with the customer in it. @returns its URL. */
  openConversation(): Promise<string>;
  close(): Promise<void>;
}

export const CUSTOMER = 'customer-1';
export const CONVERSATIONS = 'conversations.twilio.com/v1/Conversations';
export const ENABLED = { 'X-Twilio-Webhook-Enabled': 'true' };

const [key] = ACCOUNT.apiKeys;
export const AUTHORIZATION = basic(key?.sid ?? '', key?.secret ?? '');

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export async function setStage(
  options: Partial<TwilioOptions> = {},
  answerHook: () => number | Promise<number> = () => 200,
): Promise<Stage> {
  const twilio = await startTwilio({ account: ACCOUNT, taskDelayMs: 1, ...options });
  const hooks = await startHookServer(answerHook);
  const rest: Stage['rest'] = async (method, hostAndPath, form, headers = {}) => {
    const body =
      form && new URLSearchParams(form.map(([name, value]): [string, string] => [name, value]));
    const answer = await fetch(`${twilio.url}/${hostAndPath}`, {
      method,
      headers: { authorization: AUTHORIZATION, ...headers },
      ...(body ? { body } : {}),
    });
    return read(answer);
  };
  return {
    twilio,
    calls: hooks.calls,
    hookUrl: hooks.url,
    rest,
    desk: async (method, path, body, headers = {}) =>
      read(
        await fetch(`${twilio.url}${path}`, {
          method,
          headers: { 'content-type': 'application/json', ...headers },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
    openConversation: async () => {
      const { body } = await rest('POST', CONVERSATIONS, [['FriendlyName', 'Grace']]);
      await rest('POST', `${CONVERSATIONS}/${body.sid}/Participants`, [['Identity', CUSTOMER]]);
      return `${CONVERSATIONS}/${body.sid}`;
    },
    close: async () => {
      await twilio.close();
      await hooks.close();
    },
  };
}

async function read(answer: Response): Promise<Answer> {
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function startHookServer(answerHook: () => number | Promise<number>) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const rawBody = Buffer.concat(chunks).toString('utf8');
    const { method = '', url = '', headers } = request;
    const form = Object.fromEntries(new URLSearchParams(rawBody));
    calls.push({ method, url, headers, rawBody, form });
    response.writeHead(await answerHook()).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod/new-message/s1`,
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
