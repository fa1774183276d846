import { ChatError } from '#core/errors';
import type {
  ChannelState,
  ContentRef,
  CustomerMessage,
  FlexBackend,
  FlexMessage,
  FlexMessagePage,
  FlexSignals,
  FoundContent,
  OpenedChannel,
  Service,
} from '#core/flex';
import { type ChannelSid, type ClientMessageId, channelSid } from '#core/ids';
import { type Channel, type ChatRef, customerIdentity } from '#core/session';
import type { Media } from '#protocol/events';
import type { Profile } from '#protocol/frames';

type Method = Exclude<keyof (FlexBackend & FlexSignals), 'awaitsTask' | 'fallbackName' | 'signals'>;

/** One channel as this Flex knows it. */
export interface MemoryChannel {
  readonly sid: ChannelSid;
  readonly messages: FlexMessage[];
  tasks: number;
  /** `task` while somebody has it or is to get it. */
  service: Exclude<Service['kind'], 'ended' | 'gone'>;
  closed: boolean;
  customerReadIndex: number;
  /** When the customer last told of writing. */
  typingAtMs?: number;
}

/**
 * A Flex in memory: channels by chat, one task per channel, a transcript with rising index.
 * Each call takes effect at once. Failures can be put before a call (nothing happens) or
 * after it (it happened, the answer is lost).
 */
export class MemoryFlexBackend implements FlexBackend {
  /** Names of the methods called, oldest first. */
  readonly calls: Method[] = [];
  awaitsTask = true;
  /** Rich content that it keeps, by the id of media or template. */
  readonly contents = new Map<string, FoundContent>();
  signals?: FlexSignals = {
    showTyping: (_channel, chat, { atMs, seenIndex }) =>
      this.#run('showTyping', () => {
        const channel = this.#known(keyOf(chat));
        channel.typingAtMs = atMs;
        if (channel.customerReadIndex < 0) channel.customerReadIndex = seenIndex ?? -1;
      }),
  };
  readonly #channels = new Map<string, MemoryChannel>();
  /** Brought here, and in no message yet. */
  readonly #files = new Map<string, Media>();
  #uploads = 0;
  readonly #failures: { method: Method; when: 'before' | 'after'; error: Error }[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => 0) {
    this.#nowMs = nowMs;
  }

  /** The next call of the method fails once; several wait in line. */
  failNext(method: Method, when: 'before' | 'after', error: Error = lostAnswer()): void {
    this.#failures.push({ method, when, error });
  }

  /** @returns undefined while the chat has no channel. */
  channelOf(chat: ChatRef): MemoryChannel | undefined {
    return this.#channels.get(keyOf(chat));
  }

  /** Adds a message that did not come from the customer, as an agent or a bot would. */
  say(
    chat: ChatRef,
    role: FlexMessage['role'],
    author: string,
    body: string,
    more: Partial<Pick<FlexMessage, 'media' | 'content' | 'contentRef'>> = {},
  ): FlexMessage {
    return this.#add(this.#known(keyOf(chat)), { author, role, body, ...more });
  }

  /** Changes the words of a message. */
  edit(chat: ChatRef, index: number, body: string): FlexMessage {
    const { messages } = this.#known(keyOf(chat));
    const place = messages.findIndex((message) => message.index === index);
    const edited = { ...(messages[place] as FlexMessage), body, editedAtMs: this.#nowMs() };
    messages[place] = edited;
    return edited;
  }

  /** Leaves a gap in the indexes. */
  remove(chat: ChatRef, index: number): void {
    const { messages } = this.#known(keyOf(chat));
    messages.splice(
      messages.findIndex((message) => message.index === index),
      1,
    );
  }

  /** Changes who serves the channel. */
  serve(chat: ChatRef, service: MemoryChannel['service']): void {
    this.#known(keyOf(chat)).service = service;
  }

  /** Flex does not have the channel any more. */
  forget(chat: ChatRef): void {
    this.#channels.delete(keyOf(chat));
  }

  /** Ends the channel from Flex's side. */
  close(chat: ChatRef): void {
    this.#known(keyOf(chat)).closed = true;
  }

  openChannel(chat: ChatRef, _profile: Profile): Promise<OpenedChannel> {
    return this.#run('openChannel', () => {
      const key = keyOf(chat);
      const channel = this.#channels.get(key) ?? {
        sid: channelSid(`CH${String(this.#channels.size + 1).padStart(32, '0')}`),
        messages: [],
        tasks: 0,
        service: 'none',
        closed: false,
        customerReadIndex: -1,
      };
      this.#channels.set(key, channel);
      return { channel: { sid: channel.sid }, state: channel.closed ? 'ended' : 'open' };
    });
  }

  routeChannel(channel: Channel, chat: ChatRef): Promise<Channel> {
    return this.#run('routeChannel', () => {
      const routed = this.#known(keyOf(chat));
      if (routed.tasks === 0) addTask(routed);
      return { ...channel, taskSid: taskSidOf(routed) };
    });
  }

  endChannel({ sid }: Channel): Promise<void> {
    return this.#run('endChannel', () => {
      for (const channel of this.#channels.values()) if (channel.sid === sid) channel.closed = true;
    });
  }

  channelState(chat: ChatRef): Promise<ChannelState | undefined> {
    return this.#run('channelState', () => {
      const channel = this.channelOf(chat);
      if (channel === undefined) return undefined;
      return channel.closed ? 'ended' : 'open';
    });
  }

  taskGoesOn(taskSid: string): Promise<boolean> {
    return this.#run('taskGoesOn', () => {
      const channels = [...this.#channels.values()].filter(({ closed }) => !closed);
      return channels.some((each) => each.service === 'task' && taskSidOf(each) === taskSid);
    });
  }

  service({ sid }: Channel): Promise<Service> {
    return this.#run('service', () => {
      const channel = [...this.#channels.values()].find((each) => each.sid === sid);
      if (channel === undefined) return { kind: 'gone' };
      if (channel.closed) return { kind: 'ended' };
      return channel.service === 'task'
        ? { kind: 'task', taskSid: taskSidOf(channel) }
        : { kind: channel.service };
    });
  }

  rerouteChannel(channel: Channel, chat: ChatRef): Promise<Channel> {
    return this.#run('rerouteChannel', () => {
      const routed = this.#known(keyOf(chat));
      addTask(routed);
      return { ...channel, taskSid: taskSidOf(routed) };
    });
  }

  postMessage(_channel: Channel, chat: ChatRef, message: CustomerMessage): Promise<void> {
    return this.#run('postMessage', () => {
      const channel = this.#known(keyOf(chat));
      if (channel.closed) throw new ChatError('CHAT_ENDED', 'the channel is closed');
      const author = customerIdentity(chat.sessionId);
      const { id: clientMessageId, choice } = message;
      if ('body' in message) {
        const words = { body: message.body, clientMessageId, ...(choice && { choice }) };
        this.#add(channel, { author, role: 'bot', ...words });
        return;
      }
      const media = this.#files.get(message.mediaId);
      if (media === undefined) throw new ChatError('UPSTREAM_REFUSED', 'no such media');
      this.#files.delete(message.mediaId);
      this.#add(channel, { author, role: 'bot', body: '', media: [media], clientMessageId });
    });
  }

  uploadFile({ filename, contentType, bytes }: Parameters<FlexBackend['uploadFile']>[0]) {
    return this.#run('uploadFile', () => {
      this.#uploads += 1;
      const id = `ME${this.#uploads}`;
      this.#files.set(id, { id, filename, contentType, size: bytes.length });
      return id;
    });
  }

  fileUrl(id: string): Promise<string> {
    return this.#run('fileUrl', () => `https://media.example/${id}`);
  }

  findMessage(chat: ChatRef, id: ClientMessageId): Promise<FlexMessage | undefined> {
    return this.#run('findMessage', () =>
      this.channelOf(chat)?.messages.find((message) => message.clientMessageId === id),
    );
  }

  listMessages(chat: ChatRef, afterIndex: number, limit: number): Promise<FlexMessagePage> {
    return this.#run('listMessages', () => {
      const all = this.channelOf(chat)?.messages ?? [];
      const later = all.filter(({ index }) => index > afterIndex);
      const earlier = all.filter(({ index }) => index <= afterIndex);
      const page = { messages: later.slice(0, limit), complete: later.length <= limit };
      const kept = {
        from: -1,
        indexes: earlier.map(({ index }) => index),
        edited: earlier.filter(({ editedAtMs }) => editedAtMs !== undefined),
      };
      return this.channelOf(chat) && afterIndex >= 0 ? { ...page, kept } : page;
    });
  }

  listLatest(chat: ChatRef, limit: number): Promise<FlexMessagePage> {
    return this.#run('listLatest', () => {
      const messages = this.channelOf(chat)?.messages ?? [];
      return { messages: messages.slice(-limit), complete: messages.length <= limit };
    });
  }

  lastWordAtMs(chat: ChatRef): Promise<number | undefined> {
    return this.#run('lastWordAtMs', () => this.channelOf(chat)?.messages.at(-1)?.sentAtMs);
  }

  markRead(_channel: Channel, chat: ChatRef, index: number): Promise<void> {
    return this.#run('markRead', () => {
      this.#known(keyOf(chat)).customerReadIndex = index;
    });
  }

  findContent({ media, templateId }: ContentRef): Promise<FoundContent | undefined> {
    return this.#run('findContent', () => this.contents.get(media?.id ?? templateId ?? ''));
  }

  findName(identity: string): Promise<string> {
    return this.#run('findName', () => `Agent ${identity}`);
  }

  fallbackName(role: 'agent' | 'bot'): string {
    return role === 'agent' ? 'Agent' : 'Assistant';
  }

  async #run<Result>(method: Method, act: () => Result): Promise<Result> {
    this.calls.push(method);
    const position = this.#failures.findIndex((failure) => failure.method === method);
    const [failure] = position < 0 ? [] : this.#failures.splice(position, 1);
    if (failure?.when === 'before') throw failure.error;
    const result = act();
    if (failure) throw failure.error;
    return result;
  }

  #known(key: string): MemoryChannel {
    const channel = this.#channels.get(key);
    if (channel === undefined) throw new ChatError('NO_CHAT', 'the channel does not exist');
    return channel;
  }

  #add(channel: MemoryChannel, message: Omit<FlexMessage, 'index' | 'sentAtMs'>): FlexMessage {
    const added = {
      ...message,
      index: (channel.messages.at(-1)?.index ?? -1) + 1,
      sentAtMs: this.#nowMs(),
    };
    channel.messages.push(added);
    return added;
  }
}

function addTask(channel: MemoryChannel): void {
  channel.tasks += 1;
  channel.service = 'task';
}

const taskSidOf = ({ sid, tasks }: MemoryChannel): string =>
  `WT${sid.slice(4)}${'00'.slice(0, 2 - String(tasks).length)}${tasks}`;

const keyOf = ({ sessionId, number }: ChatRef): string => `${sessionId}-${number}`;

const lostAnswer = (): ChatError => new ChatError('UPSTREAM_UNAVAILABLE', 'no answer');
