import { type ClientOptions, WebSocket } from 'ws';
import {
  type SocketApi,
  type SocketApiOptions,
  startSocketApi,
} from '#local/emulators/api-gateway/socket/socket-api';
import { type AnyEvent, FakeFunctions } from './fake-functions.ts';
import { API_ID, aSocketAssembly, type Overrides } from './socket-assembly.ts';

export type Handlers = Record<string, (event: AnyEvent) => unknown>;

export const allow = (context: Record<string, unknown> = { sessionId: 's_1' }) =>
  policy('Allow', context);
export const deny = () => policy('Deny', {});

const policy = (Effect: string, context: object) => (event: AnyEvent) => ({
  principalId: 'visitor-1',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: event.methodArn }],
  },
  context,
});

const HANDLERS: Handlers = {
  authorize: allow(),
  connect: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat.v1' } }),
  default: (event) => ({ statusCode: 200, body: `echo ${event.body}` }),
  disconnect: () => ({ statusCode: 200 }),
  shout: () => ({ statusCode: 200, body: 'nobody hears this' }),
};

export interface SocketStack {
  readonly api: SocketApi;
  readonly functions: FakeFunctions;
  readonly url: string;
  /** Connects and waits until the handshake is done. */
  connect(options?: ClientOptions): Promise<Client>;
  /** Tries to connect. @returns the HTTP answer of the refusal. */
  refusal(options?: ClientOptions, url?: string): Promise<{ status: number; body: string }>;
  /** Calls `@connections` as the front door does. */
  manage(
    method: string,
    id: string,
    body?: string | Buffer,
  ): ReturnType<SocketApi['service']['handle']>;
}

export interface Client {
  readonly socket: WebSocket;
  readonly received: string[];
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Resolves with everything received once it is that many. */
  receives(count: number): Promise<string[]>;
}

const open: SocketApi[] = [];
const clients: WebSocket[] = [];

/** Cuts all clients off. */
export function endClients(): void {
  for (const socket of clients.splice(0)) socket.terminate();
}

/** Ends all stacks of a test; belongs into `afterEach`. */
export async function endSocketStacks(): Promise<void> {
  endClients();
  await Promise.all(open.splice(0).map((api) => api.close()));
}

export async function aSocketStack(
  handlers: Handlers = {},
  { overrides = {}, ...options }: Partial<SocketApiOptions> & { overrides?: Overrides } = {},
): Promise<SocketStack> {
  const functions = new FakeFunctions({ ...HANDLERS, ...handlers });
  const assembly = aSocketAssembly(overrides);
  const api = await startSocketApi({ assembly, functions, ...options });
  open.push(api);
  const url = api.url(API_ID);
  return {
    api,
    functions,
    url,
    connect: (clientOptions) => connect(url, clientOptions),
    refusal: (clientOptions, other = url) => refusal(other, clientOptions),
    manage: (method, id, body = '') =>
      api.service.handle({
        method,
        path: `/${API_ID}/live/@connections/${encodeURIComponent(id)}`,
        headers: {},
        body: Buffer.from(body),
      }),
  };
}

function newSocket(url: string, options?: ClientOptions): WebSocket {
  const socket = new WebSocket(url, ['chat.v1', 'token.abc'], options);
  clients.push(socket);
  return socket;
}

async function connect(url: string, options?: ClientOptions): Promise<Client> {
  const socket = newSocket(url, options);
  const received: string[] = [];
  const watchers = new Set<() => void>();
  socket.on('message', (data) => {
    received.push(data.toString());
    for (const look of watchers) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const receives = (count: number) =>
    new Promise<string[]>((resolve) => {
      const look = () => received.length >= count && resolve(received);
      watchers.add(look);
      look();
    });
  return { socket, received, closed, receives };
}

async function refusal(url: string, options?: ClientOptions) {
  const socket = newSocket(url, options);
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    socket.on('open', () => reject(new Error('the handshake was not refused')));
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
}

const PATIENCE_MS = 45_000;

/** Waits until a condition holds. @throws Error when it does not come true in time. */
export async function until(holds: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > deadlineMs) throw new Error(`not within ${PATIENCE_MS} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
