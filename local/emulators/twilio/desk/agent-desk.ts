import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromHere } from '#local/own-site';
import type { Message } from '../conversations/model.ts';
import type { Faults } from '../faults/faults.ts';
import { baseOf, contentAddress } from '../media/content-address.ts';
import { readBytes, sendJson } from '../rest/http.ts';
import type { RequestLog } from '../rest/request-log.ts';
import { TwilioError } from '../rest/twilio-error.ts';
import type { Task } from '../taskrouter/model.ts';
import { deleteTask } from '../taskrouter/state/task.ts';
import { isoMs, type World } from '../world/world.ts';
import {
  AgentError,
  acceptTask,
  cancelTask,
  conversationOf,
  deleteAgentMessage,
  editAgentMessage,
  endChat,
  expireConversation,
  leaveChat,
  parkTask,
  postAgentMessage,
  readUpTo,
  timeOutTask,
  transferTask,
  wrapUpChat,
} from './agent.ts';
import {
  agentOf,
  messageChange,
  messageContent,
  onlyIndex,
  onlyName,
  onlySid,
} from './agent-requests.ts';
import { isCustomerTyping, tellTyping, tokenOf } from './plugin.ts';
import { shownAsRead } from './shown-as-read.ts';

/** A file of an agent, and what base64 adds. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** May answer later. @param base of the simulator. */
type TaskCall = (world: World, task: Task, body: unknown, base: string) => unknown;

/** By method and last part of `/agent/tasks/{WT}/…`. */
const TASK_CALLS: Readonly<Record<string, TaskCall>> = {
  'POST accept': (world, task, body) => {
    const { name, publicIdentity } = agentOf(body);
    acceptTask(world, task, name, publicIdentity);
    return taskJson(world, task);
  },
  'GET messages': (world, task, _, base) => {
    const conversation = conversationOf(world, task);
    const read = shownAsRead(conversation, task.agentIdentity);
    return conversation.messages.map((one) => ({
      ...messageJson(world, base, one),
      isRead: one === read,
    }));
  },
  'POST messages': (world, task, body, base) =>
    messageJson(world, base, postAgentMessage(world, task, messageContent(body))),
  'POST edit': (world, task, body, base) => {
    const { sid, body: words } = messageChange(body);
    return messageJson(world, base, editAgentMessage(world, task, sid, words));
  },
  'POST remove': (world, task, body) => {
    deleteAgentMessage(world, task, onlySid(body));
    return taskJson(world, task);
  },
  'POST read': (world, task, body) => {
    readUpTo(world, task, onlyIndex(body));
    return taskJson(world, task);
  },
  'POST token': (world, task) => ({ token: tokenOf(world, task) }),
  'POST typing': (world, task) => tellTyping(world, task),
  'POST leave': (world, task) => {
    leaveChat(world, task);
    return taskJson(world, task);
  },
  'POST park': (world, task) => {
    parkTask(world, task);
    return taskJson(world, task);
  },
  'POST wrapup': (world, task) => {
    wrapUpChat(world, task);
    return taskJson(world, task);
  },
  'POST complete': (world, task) => {
    endChat(world, task);
    return taskJson(world, task);
  },
  'POST transfer': (world, task, body) =>
    taskJson(world, transferTask(world, task, onlyName(body) ?? 'agent')),
  'POST timeout': (world, task) => {
    timeOutTask(world, task);
    return taskJson(world, task);
  },
  'POST cancel': (world, task) => {
    cancelTask(world, task, 'Canceled');
    return taskJson(world, task);
  },
  // As TaskRouter does 24 h after it was made.
  'POST delete': (world, task) => {
    deleteTask(world, task, 'task.system-deleted');
    return taskJson(world, task);
  },
  'POST expire': (world, task) => {
    expireConversation(world, task);
    return taskJson(world, task);
  },
};

const DESK_STATUS = {
  pending: 'pending',
  reserved: 'pending',
  assigned: 'accepted',
  wrapping: 'wrapping',
  completed: 'completed',
  canceled: 'completed',
} as const;

/**
 * The agent's side of the simulator and its faults, under `/agent` and `/faults`: JSON in and
 * out. Open to local programs and to the one page whose origin is configured.
 */
export class AgentDesk {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #log: RequestLog;
  readonly #corsOrigin: string | undefined;

  constructor(world: World, faults: Faults, log: RequestLog, corsOrigin: string | undefined) {
    this.#world = world;
    this.#faults = faults;
    this.#log = log;
    this.#corsOrigin = corsOrigin;
  }

  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin } = incoming.headers;
    if (!isFromHere(incoming, this.#corsOrigin)) {
      sendJson(response, 403, { error: 'neither a local program nor the allowed origin' });
      return;
    }
    const headers = origin === undefined ? {} : corsHeaders(origin);
    if (incoming.method === 'OPTIONS') {
      sendJson(response, 204, undefined, headers);
      return;
    }
    try {
      const { method = '' } = incoming;
      const text = (await readBytes(incoming, MAX_BODY_BYTES)).toString('utf8');
      const path = (incoming.url ?? '').split('?', 1)[0] ?? '';
      const answer = await this.#answer(method, path, parseJson(text), baseOf(incoming));
      if (method !== 'GET') this.#world.file?.touch();
      await this.#world.file?.kept();
      sendJson(response, 200, answer, headers);
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined) throw error;
      sendJson(response, status, { error: (error as Error).message }, headers);
    }
  }

  #answer(method: string, path: string, body: unknown, base: string): unknown {
    const route = `${method} ${path}`;
    if (route === 'GET /agent/tasks') return this.#listTasks();
    if (route === 'GET /agent/templates') return this.#listTemplates();
    if (route === 'GET /agent/requests') return this.#log.list();
    if (route === 'PUT /faults') return this.#replaceFaults(body);
    const [, sid = '', name] = /^\/agent\/tasks\/([^/]+)\/([a-z]+)$/.exec(path) ?? [];
    const key = `${method} ${name}`;
    const call = Object.hasOwn(TASK_CALLS, key) ? TASK_CALLS[key] : undefined;
    if (call === undefined) throw new AgentError(404, `no such call: ${route}`);
    const task = this.#world.tasks.get(sid);
    if (task === undefined) throw new AgentError(404, `no task ${sid}`);
    return call(this.#world, task, body, base);
  }

  #listTasks(): unknown {
    return [...this.#world.tasks.values()].map((task) => taskJson(this.#world, task));
  }

  #listTemplates(): unknown {
    return [...this.#world.contentTemplates.values()].map(({ sid, friendlyName }) => ({
      sid,
      friendlyName,
    }));
  }

  #replaceFaults(body: unknown): unknown {
    try {
      return this.#faults.replace(body);
    } catch (error) {
      throw new AgentError(400, (error as Error).message);
    }
  }
}

/** The conversation may refuse what the agent does, for instance because it is closed. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof AgentError) return error.status;
  return error instanceof TwilioError ? 409 : undefined;
}

/** @throws AgentError 400. An empty body is an empty object. */
function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AgentError(400, 'body: expected JSON');
  }
}

const corsHeaders = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-methods': 'GET, POST, PUT',
  'access-control-allow-headers': 'content-type',
  vary: 'origin',
});

const taskJson = (world: World, task: Task) => ({
  sid: task.sid,
  status: DESK_STATUS[task.assignmentStatus],
  channelSid: task.conversationSid,
  attributes: task.attributes,
  customerTyping: isCustomerTyping(world, task),
});

const messageJson = (world: World, base: string, message: Message) => ({
  index: message.index,
  sid: message.sid,
  author: message.author,
  body: message.body ?? '',
  attributes: JSON.parse(message.attributes),
  dateCreated: isoMs(message.createdAtMs),
  ...(message.media && {
    media: message.media.map((media) => ({
      ...media,
      // As Flex shows a file: by an address that ends soon.
      ...(world.media.has(media.sid) && { url: contentAddress(world, base, media.sid) }),
    })),
  }),
});
