/** Twilio's REST API over the model: the few endpoints that the Conversations back end calls. */
import type { TwilioRequest } from '#adapters/twilio/rest/rest-client';
import {
  type Conversation,
  type FlexModel,
  isLive,
  type ModelMessage,
  type ModelTask,
} from './flex-model.ts';

type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly fields: Fields;
  readonly isHeard: boolean;
}

/** An answer that is an error of Twilio's. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

type Endpoint = (call: Call, ...values: string[]) => unknown;

export class TwilioEndpoints {
  readonly #flex: FlexModel;
  readonly #endpoints: readonly (readonly [method: string, path: RegExp, answer: Endpoint])[];

  constructor(flex: FlexModel) {
    this.#flex = flex;
    const conversation = '/v1/Services/[^/]+/Conversations/([^/]+)';
    this.#endpoints = [
      ['POST', /^\/v1\/Services\/[^/]+\/Conversations$/, (call) => this.#create(call)],
      ['GET', new RegExp(`^${conversation}$`), (_, name) => this.#read(name)],
      ['POST', new RegExp(`^${conversation}$`), (_, name) => this.#update(name)],
      [
        'POST',
        new RegExp(`^${conversation}/Participants$`),
        (call, name) => this.#join(call, name),
      ],
      [
        'POST',
        new RegExp(`^${conversation}/Participants/(MB[^/]+)$`),
        (_, name) => this.#open(name) && {},
      ],
      [
        'GET',
        new RegExp(`^${conversation}/Participants/([^/]+)$`),
        (_, name, identity) => this.#participant(name, identity),
      ],
      ['GET', new RegExp(`^${conversation}/Webhooks$`), (_, name) => this.#webhooks(name)],
      [
        'POST',
        new RegExp(`^${conversation}/Webhooks$`),
        (call, name) => this.#addWebhook(call, name),
      ],
      ['GET', new RegExp(`^${conversation}/Messages$`), (call, name) => this.#messages(call, name)],
      ['POST', new RegExp(`^${conversation}/Messages$`), (call, name) => this.#post(call, name)],
      ['POST', /^\/v1\/Interactions$/, (call) => this.#interact(call)],
      [
        'POST',
        /^\/v1\/Interactions\/([^/]+)\/Channels\/[^/]+$/,
        (call, interaction) => this.#end(call, interaction),
      ],
      [
        'POST',
        /^\/v1\/Interactions\/([^/]+)\/Channels\/[^/]+\/Invites$/,
        (_, interaction) => this.#invite(interaction),
      ],
      [
        'GET',
        /^\/v1\/Interactions\/([^/]+)\/Channels\/[^/]+$/,
        (_, interaction) => ({ status: this.#carriedBy(interaction).interaction?.status }),
      ],
      ['GET', /^\/v1\/Workspaces\/[^/]+\/Workers$/, () => ({ workers: [] })],
      ['GET', /^\/v1\/Workspaces\/[^/]+\/Tasks$/, (call) => this.#tasks(call)],
      ['GET', /^\/v1\/Workspaces\/[^/]+\/Tasks\/([^/]+)$/, (_, sid) => this.#task(sid)],
      ['GET', /^\/v1\/Services\/[^/]+$/, () => ({})],
      [
        'GET',
        /^\/v1\/Services\/[^/]+\/Users\/([^/]+)$/,
        (_, identity) => ({ friendly_name: `Ms. ${identity}` }),
      ],
      ['POST', /^\/v1\/Services\/[^/]+\/Users\/[^/]+$/, () => ({})],
    ];
  }

  /**
   * @returns the body of the answer.
   * @throws Refusal
   */
  answer(request: TwilioRequest<unknown>): unknown {
    const [path = '', query = ''] = request.path.text.split('?');
    const call: Call = {
      path,
      query: new URLSearchParams(query),
      fields: request.form ?? {},
      isHeard: request.webhookEnabled === true,
    };
    for (const [method, pattern, answer] of this.#endpoints) {
      const match = method === request.method ? pattern.exec(path) : null;
      if (match) return answer(call, ...match.slice(1).map(decodeURIComponent));
    }
    throw new Error(`the model has no ${request.method} ${path}`);
  }

  #known(name = ''): Conversation {
    const conversation = this.#flex.find(name);
    if (conversation === undefined) throw new Refusal(404, 20404);
    return conversation;
  }

  #open(name?: string): Conversation {
    const conversation = this.#known(name);
    if (conversation.isClosed) throw new Refusal(400, 50377);
    return conversation;
  }

  #create({ fields }: Call): unknown {
    const uniqueName = String(fields['UniqueName']);
    if (this.#flex.find(uniqueName)) throw new Refusal(409, 50353);
    return shown(this.#flex.create(uniqueName, String(fields['Attributes'])));
  }

  #read(name?: string): unknown {
    return shown(this.#known(name));
  }

  #update(name?: string): unknown {
    const conversation = this.#open(name);
    this.#flex.close(conversation);
    return shown(conversation);
  }

  #join({ fields, isHeard }: Call, name?: string): unknown {
    const conversation = this.#open(name);
    const identity = String(fields['Identity']);
    if (conversation.participants.has(identity)) throw new Refusal(409, 50433);
    this.#flex.join(conversation, identity, isHeard);
    return { sid: conversation.participants.get(identity) };
  }

  #participant(name?: string, identity = ''): unknown {
    const sid = this.#known(name).participants.get(identity);
    if (sid === undefined) throw new Refusal(404, 20404);
    return { sid };
  }

  #webhooks(name?: string): unknown {
    const webhooks = this.#known(name).webhooks.map(({ target, url, flowSid }) => ({
      target,
      configuration: { url, flow_sid: flowSid },
    }));
    return { webhooks, meta: {} };
  }

  #addWebhook({ fields }: Call, name?: string): unknown {
    const filters = fields['Configuration.Filters'];
    this.#open(name).webhooks.push({
      target: String(fields['Target']),
      url: text(fields['Configuration.Url']),
      flowSid: text(fields['Configuration.FlowSid']),
      filters: Array.isArray(filters) ? filters : [],
    });
    return {};
  }

  #messages(call: Call, name?: string): unknown {
    const { messages } = this.#known(name);
    const option = (key: string) => call.query.get(key) ?? text(call.fields[key]) ?? '';
    const size = Number(option('PageSize'));
    const ordered = option('Order') === 'desc' ? [...messages].reverse() : messages;
    const token = option('PageToken');
    const rest = token === '' ? ordered : ordered.slice(placeAfter(ordered, Number(token)));
    const next = new URLSearchParams({
      Order: option('Order'),
      PageSize: `${size}`,
      PageToken: `${rest[size - 1]?.index}`,
    });
    return {
      messages: rest.slice(0, size).map(shownMessage),
      meta: {
        next_page_url:
          rest.length > size ? `https://conversations.twilio.com${call.path}?${next}` : null,
      },
    };
  }

  #post({ fields, isHeard }: Call, name?: string): unknown {
    const message = this.#flex.say(
      this.#open(name),
      {
        author: String(fields['Author']),
        body: String(fields['Body']),
        attributes: String(fields['Attributes']),
      },
      isHeard,
    );
    return shownMessage(message);
  }

  #interact({ fields }: Call): unknown {
    const channel = JSON.parse(String(fields['Channel'])) as {
      properties: { media_channel_sid: string };
    };
    const conversation = this.#known(channel.properties.media_channel_sid);
    if (conversation.isClosed) throw new Refusal(400, 45354);
    if (isCarried(conversation)) throw new Refusal(400, 45353);
    const { sid, channelSid, taskSid } = this.#flex.route(conversation);
    return {
      sid,
      channel: { sid: channelSid },
      routing: { properties: { sid: taskSid } },
    };
  }

  /** Ends the interaction: an accepted task goes to wrap-up, unless it is to be completed. */
  #end({ fields }: Call, interaction?: string): unknown {
    const conversation = this.#carriedBy(interaction);
    if (conversation.interaction) conversation.interaction.status = 'closed';
    const ended = fields['Routing'] === undefined ? 'wrapping' : 'completed';
    for (const task of conversation.tasks) {
      this.#flex.setTask(conversation, task, task.status === 'pending' ? 'canceled' : ended);
    }
    this.#flex.close(conversation);
    return {};
  }

  #invite(interaction?: string): unknown {
    const conversation = this.#carriedBy(interaction);
    const carrier = conversation.interaction;
    const isOver = carrier?.status === 'closed' || carrier?.status === 'failed';
    if (conversation.isClosed || isOver || !carrier) throw new Refusal(400, 45359);
    const { sid } = this.#flex.invite(conversation, carrier);
    return { routing: { properties: { sid } } };
  }

  #carriedBy(interaction?: string): Conversation {
    const conversation = [...this.#flex.conversations.values()].find(
      (one) => one.interaction?.sid === interaction && !one.isDeleted,
    );
    if (conversation === undefined) throw new Refusal(404, 20404);
    return conversation;
  }

  #tasks({ fields }: Call): unknown {
    const sid = /"(.*)"/.exec(String(fields['EvaluateTaskAttributes']))?.[1] ?? '';
    const conversation = this.#flex.find(sid);
    const tasks = conversation?.tasks.filter(isShown) ?? [];
    return { tasks: tasks.map((task) => shownTask(task, conversation)) };
  }

  #task(sid?: string): unknown {
    for (const conversation of this.#flex.conversations.values()) {
      const task = conversation.tasks.find((one) => one.sid === sid);
      if (task !== undefined && isShown(task)) return shownTask(task, conversation);
    }
    throw new Refusal(404, 20404);
  }
}

const isShown = ({ status }: ModelTask): boolean => status !== 'unmade' && status !== 'deleted';

/** Whether Flex drops a further interaction. */
const isCarried = ({ interaction, tasks }: Conversation): boolean =>
  interaction !== undefined &&
  (tasks.some(isLive) || (interaction.status !== 'failed' && interaction.status !== 'closed'));

function shownTask({ sid, status }: ModelTask, conversation: Conversation | undefined) {
  const attributes = {
    conversationSid: conversation?.sid,
    flexInteractionSid: conversation?.interaction?.sid,
    flexInteractionChannelSid: conversation?.interaction?.channelSid,
  };
  return { sid, assignment_status: status, attributes: JSON.stringify(attributes) };
}

const text = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

function shown({ sid, isClosed, isPaused }: Conversation) {
  return { sid, state: isClosed ? 'closed' : isPaused ? 'inactive' : 'active' };
}

/** As REST tells times. */
const toSeconds = (ms: number): string =>
  new Date(ms - (ms % 1_000)).toISOString().replace('.000', '');

/** Where a page goes on, also when the message that it ended with is gone. */
function placeAfter(ordered: readonly ModelMessage[], index: number): number {
  const isDescending = (ordered[0]?.index ?? 0) > (ordered.at(-1)?.index ?? 0);
  const place = ordered.findIndex((one) => (isDescending ? one.index < index : one.index > index));
  return place < 0 ? ordered.length : place;
}

function shownMessage(message: ModelMessage) {
  return {
    index: message.index,
    author: message.author,
    participant_sid: message.isPerson ? 'MB1' : null,
    body: message.body,
    attributes: message.attributes,
    date_created: toSeconds(message.atMs),
    date_updated: toSeconds(message.updatedAtMs),
    media: message.hasMedia
      ? [{ sid: 'ME1', filename: 'form.pdf', content_type: 'application/pdf', size: 9 }]
      : null,
  };
}
