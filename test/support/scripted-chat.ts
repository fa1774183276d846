/** A chat server and agent's side in one process, for tests of the pages alone. It keeps one session. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** As many messages as the server lists unless it is told otherwise. */
const PAGE = 50;

interface Said {
  readonly type: 'message';
  readonly chat: number;
  readonly index: number;
  readonly id?: string;
  readonly author: { readonly role: string; readonly name: string };
  readonly body: string;
  readonly media?: readonly object[];
  readonly sentAt: string;
  readonly content?: object;
  readonly choice?: object;
}

// biome-ignore lint/suspicious/noExplicitAny: frames as the pages send them
type Frame = Record<string, any>;

export interface ScriptedChat {
  readonly customerSocketUrl: string;
  readonly twilioUrl: string;
  /** Sends an event to every connection. */
  emit(event: object): void;
  /** What customers' clients have asked for. */
  readonly actions: readonly string[];
  /** Up to which messages the customer has read, as each mark said. */
  readonly marks: readonly number[];
  /** So much has been said before anybody looks. */
  fill(count: number): void;
  /** An agent says something. @returns the index of the message. */
  say(body: string, name?: string): number;
  /** A bot says something, with rich content. */
  offer(body: string, content: object): void;
  /** The messages that customers' clients have sent. */
  readonly sent: readonly Frame[];
  /** The agent ends the chat. */
  end(): void;
  /** Which files customers may send; absent: none. */
  files?: object;
  /** What the bucket answers to uploads: 204 takes them. A promise holds them back. */
  bucket: number | Promise<number>;
  /** Ids of the files that customers have announced. */
  readonly attached: Iterable<string>;
  /** An agent sends a file, whose content is served. */
  sayFile(filename: string, contentType: string): void;
  /** What happens to the customer's messages from now on. */
  fate: 'echoed' | 'accepted' | 'rejected';
  /** What the session says of the chat besides its number and state. */
  presence: { readonly agents?: readonly string[]; readonly readIndex?: number };
  /** The session is gone: the next `hello` begins another one, with an empty chat. */
  forget(): void;
  /** Cuts all connections, and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

export async function startScriptedChat(): Promise<ScriptedChat> {
  const messages: Said[] = [];
  const chat = { number: 1, state: 'none' };
  let profile: Frame = {};
  let isCut = false;
  let sessions = 1;

  const http = createServer(async (request, response) => {
    if (request.url?.startsWith('/bucket/')) {
      response.setHeader('access-control-allow-origin', '*');
      if (request.method === 'OPTIONS') return response.end();
      const id = request.url.slice('/bucket/'.length);
      const status = (await isUploadOf(id, request)) ? await server.bucket : 400;
      response.writeHead(status).end();
      return status === 204 ? uploaded(id) : undefined;
    }
    if (request.url?.startsWith('/media/')) return response.end('content');
    const { name = 'Customer' } = profile;
    const attributes = { customerName: name, pre_engagement_data: profile };
    const task = { sid: 'WT1', status: 'pending', channelSid: 'CH1', attributes };
    response.end(JSON.stringify(chat.state === 'none' ? [] : [task]));
  });
  const sockets = new WebSocketServer({
    server: http,
    path: '/live',
    handleProtocols: () => 'flex-channel.v1',
    verifyClient: () => !isCut,
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));

  const emit = (event: object) => {
    for (const socket of sockets.clients) socket.send(JSON.stringify(event));
  };
  const add = (author: Said['author'], body: string, more: Partial<Said> = {}) => {
    const message: Said = {
      type: 'message',
      chat: chat.number,
      index: messages.length,
      author,
      body,
      sentAt: new Date().toISOString(),
      ...more,
    };
    messages.push(message);
    emit(message);
    return message.index;
  };
  const attached = new Map<string, Frame>();
  const uploaded = (id: string) => {
    const { filename, contentType, size } = attached.get(id) ?? {};
    chat.state = 'open';
    emit({ type: 'accepted', id });
    const media = [{ id: `ME${id}`, filename, contentType, size }];
    add({ role: 'customer', name: 'Customer' }, '', { id, media });
  };
  const actions: string[] = [];
  const marks: number[] = [];
  const sent: Frame[] = [];
  const ofChat = () => messages.filter(({ chat: number }) => number === chat.number);
  const missed = ({ latest }: Frame) => ({
    missed: latest ? ofChat().slice(-PAGE) : ofChat(),
    complete: true,
    ...(latest && { earlier: ofChat().length > PAGE }),
  });
  const after = ({ after: cursor, limit }: Frame) => {
    const later = ofChat().filter(({ index }) => index > (cursor?.index ?? -1));
    const listed = later.slice(0, limit ?? PAGE);
    return { messages: listed, complete: listed.length === later.length };
  };
  /** As the server: an id that is known already is no other message. */
  const take = ({ id, body, choice }: Frame) => {
    sent.push({ id, body, choice });
    if (messages.some((message) => message.id === id)) return;
    if (server.fate === 'rejected') return emit({ type: 'rejected', id, code: 'undeliverable' });
    if (server.fate === 'accepted') return;
    chat.state = 'open';
    const customer = { role: 'customer', name: profile['name'] ?? 'Customer' };
    add(customer, body, { id, ...(choice && { choice }) });
  };
  const receive = (socket: WebSocket, frame: Frame) => {
    actions.push(frame['action']);
    const reply = (event: object) => socket.send(JSON.stringify({ ...event, ref: frame['ref'] }));
    switch (frame['action']) {
      case 'hello':
      case 'startChat':
        profile = frame['profile'] ?? profile;
        if (frame['action'] === 'startChat' && chat.state === 'ended') {
          chat.number += 1;
          chat.state = 'none';
        }
        return reply({
          type: 'session',
          sessionId: `session-${sessions}`,
          token: 'a.b.c',
          expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
          chat: { ...chat, ...server.presence },
          ...missed(frame),
          ...(server.files && { files: server.files }),
        });
      case 'history':
        return reply({ type: 'history', chat: chat.number, state: chat.state, ...after(frame) });
      case 'sendMessage':
        reply({ type: 'accepted', id: frame['id'] });
        return take(frame);
      case 'attach': {
        const { id } = frame;
        attached.set(id, frame);
        const url = `http://127.0.0.1:${port}/bucket/${id}`;
        return reply({
          type: 'upload',
          id,
          url,
          fields: { key: id },
          expiresAt: '2099-01-01T00:00:00.000Z',
        });
      }
      case 'media': {
        const { chat: of, index, id } = frame;
        return reply({
          type: 'media',
          chat: of,
          index,
          id,
          url: `http://127.0.0.1:${port}/media/${id}`,
        });
      }
      case 'endChat':
        reply({ type: 'ok', action: 'endChat' });
        chat.state = 'ended';
        return emit({
          type: 'ended',
          chat: chat.number,
          by: 'customer',
          at: new Date().toISOString(),
        });
      case 'ping':
        return reply({ type: 'pong', now: new Date().toISOString() });
      case 'markRead':
        marks.push(frame['index']);
        return reply({ type: 'ok', action: 'markRead' });
      default:
        return reply({ type: 'ok', action: frame['action'] });
    }
  };
  sockets.on('connection', (socket) => {
    socket.on('message', (text) => receive(socket, JSON.parse(String(text))));
  });

  const { port } = http.address() as AddressInfo;
  const server: ScriptedChat = {
    customerSocketUrl: `ws://127.0.0.1:${port}/live`,
    twilioUrl: `http://127.0.0.1:${port}`,
    fate: 'echoed',
    presence: {},
    attached: { [Symbol.iterator]: () => attached.keys() },
    bucket: 204,
    actions,
    marks,
    sent,
    emit,
    fill(count) {
      chat.state = 'open';
      const sentAt = new Date().toISOString();
      for (let n = 0; n < count; n += 1) {
        const author = { role: 'agent', name: 'Ada' };
        const index = messages.length;
        messages.push({ type: 'message', chat: 1, index, author, body: `line ${index}`, sentAt });
      }
    },
    sayFile: (filename, contentType) =>
      add({ role: 'agent', name: 'Ada' }, '', {
        media: [{ id: `ME${messages.length}`, filename, contentType, size: 12_000 }],
      }),
    say: (body, name = 'Ada') => add({ role: 'agent', name }, body),
    offer: (body, content) => add({ role: 'bot', name: 'Assistant' }, body, { content }),
    end() {
      chat.state = 'ended';
      emit({ type: 'ended', chat: chat.number, by: 'agent', at: new Date().toISOString() });
    },
    cut() {
      isCut = true;
      for (const socket of sockets.clients) socket.terminate();
    },
    restore() {
      isCut = false;
    },
    forget() {
      sessions += 1;
      messages.length = 0;
      chat.state = 'none';
      emit({ type: 'closing', reason: 'expired', reconnect: true });
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}

/** As S3: the file comes last, behind the fields that the form was signed with. */
async function isUploadOf(id: string, request: IncomingMessage): Promise<boolean> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const body = Buffer.concat(await request.toArray());
  const form = await new Response(body, { headers }).formData();
  return [...form.keys()].at(-1) === 'file' && form.get('key') === id;
}
