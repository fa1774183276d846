import type { Choice } from '#protocol/content';
import type { Profile } from '#protocol/frames';
import { DEFAULT_MAX_BODY_BYTES } from '#protocol/limits';
import { ChatClientError, type ErrorCode, type SendProblem } from './basics/errors.ts';
import { Listeners } from './basics/listeners.ts';
import { type ChatClientOptions, checkOptions } from './chat-client-options.ts';
import { type ChatClientState, stateOf } from './chat-client-state.ts';
import type { OwnFile } from './files/own-file.ts';
import type { LossCause } from './model/chat-model.ts';
import { type Attributes, isDiscardable, newEntry, type OutboxEntry } from './model/outbox.ts';
import { jsonCopy, usableProfile } from './model/profile.ts';
import type { TimelineItem } from './model/timeline.ts';
import { type Message, messageAt } from './model/transcript.ts';
import { findChatProblem, findSendProblem } from './outbox/send-problem.ts';
import { platformEnvironment } from './platform/default-environment.ts';
import type { Environment } from './platform/environment.ts';
import { ChatTab } from './tabs/chat-tab.ts';

/** What a client tells, by the names that `on` takes. */
export interface ChatClientEvents {
  readonly change: ChatClientState;
  /** A message has just been said. Not raised for those that are read back after a reconnect. */
  readonly message: SaidMessage;
  /** The chat ends soon, unless somebody writes. */
  readonly idle: { readonly chat: number; readonly endsAt: string };
  /** The session could not be resumed, and another one has begun with an empty timeline. */
  readonly replaced: ReplacedSession;
  /** Something went wrong outside of a call. Without a listener it is written to the console. */
  readonly problem: ChatClientError;
}

/** A message that has just been said, by whomever. */
export type SaidMessage = Message & {
  /** `outgoing`: the customer has said it, in whichever tab. */
  readonly direction: 'incoming' | 'outgoing';
  /** True in one of the tabs: what must not happen in each of them, such as a sound, belongs there. */
  readonly once: boolean;
};

/** A session that could not be resumed. */
export interface ReplacedSession {
  readonly cause: LossCause;
  /** What was shown of it. */
  readonly timeline: readonly TimelineItem[];
}

/** What a message may carry besides its text. */
export interface SendOptions {
  readonly attributes?: Attributes;
  /** Which choice it is of those that a message offers. Of several for one message the first is sent. */
  readonly choice?: Choice;
}

/** What may be told of a file besides itself. */
export interface AttachOptions {
  /** Default: the file's own. */
  readonly filename?: string;
}

/** One customer's session on one server, in one tab. Create it, listen to `change`, then `connect`. */
export class ChatClient {
  readonly #environment: Environment;
  readonly #maxBodyBytes: number;
  readonly #tab: ChatTab;
  /** Those attached in this tab, by the ids of their messages. */
  readonly #files = new Map<string, OwnFile>();
  readonly #listeners = new Listeners<ChatClientEvents>([
    'change',
    'message',
    'idle',
    'replaced',
    'problem',
  ]);
  #unsubscribe: (() => void) | undefined;
  #state: ChatClientState | undefined;

  /** @throws ChatClientError `bad_argument` for an address or option that could never work. */
  constructor(options: ChatClientOptions) {
    checkOptions(options);
    const { url, profile, maxBodyBytes, scope, ...overrides } = options;
    this.#environment = { ...platformEnvironment(scope), ...overrides };
    this.#maxBodyBytes = maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    this.#tab = new ChatTab(this.#environment, {
      url,
      profile: profile && this.#usable(profile),
      onChange: () => this.#changed(),
      onForgotten: () => this.#endSubscription(),
      onProblem: (error) => this.#tell(error),
      onMessage: (message, once) =>
        this.#listeners.emit('message', { ...message, direction: directionOf(message), once }),
      onIdle: (idle) => this.#listeners.emit('idle', idle),
      onReplaced: (replaced) => this.#listeners.emit('replaced', replaced),
    });
  }

  get state(): ChatClientState {
    this.#state ??= stateOf(this.#tab);
    return this.#state;
  }

  /**
   * @returns a function that ends the subscription.
   * @throws ChatClientError `bad_argument` when there is no such event.
   */
  on<Name extends keyof ChatClientEvents>(
    name: Name,
    listener: (detail: ChatClientEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  /** Stays connected from now on. Call it again to cut a wait short. */
  connect(): void {
    this.#unsubscribe ??= this.#subscribe();
    this.#tab.connect();
  }

  /** Closes the connection, or leaves it to another tab. The session goes on, and so does the chat. */
  disconnect(): void {
    this.#endSubscription();
    this.#tab.disconnect();
  }

  /**
   * Disconnects all tabs and removes what they show and store, as when the visitor logs out. The
   * chat goes on in Flex without them; the next `connect` begins another session, without a profile.
   */
  forget(): void {
    this.#tab.forget();
  }

  /** @returns why the message can't be sent now; undefined when it can. */
  problemWith(body: string, { attributes }: SendOptions = {}): SendProblem | undefined {
    return findSendProblem(this.#tab.store.model, this.#maxBodyBytes, body, attributes);
  }

  /**
   * Puts a message into the outbox, which outlives a reload; it is sent as soon as there is a
   * connection.
   * @returns its client message id; for a choice that was made already the id of the message that made it.
   * @throws ChatClientError what `problemWith` says.
   */
  send(body: string, options: SendOptions = {}): string {
    const problem = this.problemWith(body, options);
    if (problem !== undefined) throw new ChatClientError(problem);
    const attributes = options.attributes && jsonCopy(options.attributes);
    const { choice } = options;
    const { outbox, transcript } = this.#tab.store.model;
    const entry = this.#entry({
      body,
      ...(attributes && { attributes }),
      // Whoever chooses, and however often: with one id it arrives once.
      ...(choice && { choice, id: `choice-${choice.chat}-${choice.index}` }),
    });
    if (![...outbox, ...transcript].some(({ id }) => id === entry.id)) this.#tab.send(entry);
    return entry.id;
  }

  /**
   * Puts a file into the outbox. In its turn it is uploaded from this tab, which alone has its bytes:
   * a file whose tab is left before fails with `file_expired`. What the server does not take fails, too.
   * @returns its client message id.
   * @throws ChatClientError `not_supported` where `state` has no `files`, `chat_ended`, `outbox_full`.
   */
  attach(
    file: Blob,
    { filename = (file as Partial<File>).name ?? '' }: AttachOptions = {},
  ): string {
    const { model } = this.#tab.store;
    const problem = model.files ? findChatProblem(model) : 'not_supported';
    if (problem) throw new ChatClientError(problem);
    const { size, type: contentType } = file;
    const entry = this.#entry({ body: '', file: { filename, contentType, size } });
    this.#files.set(entry.id, { blob: file, progress: 0 });
    this.#tab.send(entry);
    return entry.id;
  }

  /**
   * Asks for an address of a file in a message. It needs no credentials and is good for some minutes:
   * ask again for each click.
   * @param id of one of the message's `media`.
   * @throws ChatClientError the server's refusal; `unavailable` while offline.
   */
  async mediaUrl({ chat, index }: Pick<Message, 'chat' | 'index'>, id: string): Promise<string> {
    const { url } = await this.#tab.ask({ action: 'media', chat, index, id });
    return url;
  }

  /** Sends a failed message again, as the last one, to the current chat. Refused while that one has ended. */
  retry(id: string): void {
    if (this.#tab.store.model.chat?.state === 'ended') this.#refuse('chat_ended', 'retry');
    else this.#tellOf('retry', id, ({ state }) => state === 'failed');
  }

  /** Forgets a failed message, or stops a file that is not uploaded yet. */
  discard(id: string): void {
    this.#tellOf('discard', id, isDiscardable);
  }

  /**
   * Tells who the customer is; counts for chats that open from now on. One that the server
   * refuses is forgotten, and `problem` tells: the one before stays.
   */
  setProfile(profile: Profile): void {
    const usable = this.#usable(profile);
    if (usable) this.#tab.setProfile(usable);
  }

  /**
   * Makes room for the next chat after one has ended; it opens with the next message.
   * @throws ChatClientError the server's refusal; `unavailable` while offline.
   */
  startChat(): Promise<void> {
    return this.#run('startChat');
  }

  /**
   * Asks Flex to end the chat; the state says `ended` once it has.
   * @throws ChatClientError the server's refusal; `unavailable` while offline.
   */
  endChat(): Promise<void> {
    return this.#run('endChat');
  }

  /**
   * Reads up to 100 messages that come before those of the timeline, if there are any.
   * @throws ChatClientError the server's refusal; `unavailable` while offline.
   */
  loadEarlier(): Promise<void> {
    return this.#tab.loadEarlier();
  }

  /** Shows the agent that the customer has read up to this message of the current chat. */
  markRead(index: number): void {
    const { chat, transcript } = this.#tab.store.model;
    if (messageAt(transcript, { chat: chat?.number ?? 0, index }))
      this.#tab.tell({ name: 'markRead', index });
    else this.#refuse('bad_argument', `markRead: no message ${index}`);
  }

  /**
   * Shows agents that the customer is writing. Call it at each change of the input: one call in 4 s
   * is told, none without a connection or an open chat, or where the server can't show it.
   */
  typing(): void {
    this.#tab.typing();
  }

  async #run(name: 'startChat' | 'endChat'): Promise<void> {
    await this.#tab.run({ name });
  }

  #entry(fields: Pick<OutboxEntry, 'body'> & Partial<OutboxEntry>): OutboxEntry {
    const { chat, outbox } = this.#tab.store.model;
    return newEntry(outbox, {
      id: this.#environment.newId(),
      createdAtMs: this.#environment.nowMs(),
      ...fields,
      ...(chat && { chat: chat.number }),
    });
  }

  #tellOf(name: 'retry' | 'discard', id: string, fits: (entry: OutboxEntry) => boolean): void {
    const { outbox } = this.#tab.store.model;
    if (outbox.some((entry) => entry.id === id && fits(entry))) this.#tab.tell({ name, id });
    else this.#refuse('bad_argument', `${name}: no failed message ${id}`);
  }

  /** Tells of one that can't be used, which is left out. */
  #usable(profile: Profile): Profile | undefined {
    const usable = usableProfile(profile);
    if (!(usable instanceof ChatClientError)) return usable;
    this.#tell(usable);
    return undefined;
  }

  #refuse(code: ErrorCode, message: string): void {
    this.#tell(new ChatClientError(code, message));
  }

  /** A page may listen only after it has created the client. */
  #tell(problem: ChatClientError): void {
    queueMicrotask(() => {
      if (!this.#listeners.emit('problem', problem)) console.warn(problem);
    });
  }

  #endSubscription(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #subscribe(): () => void {
    const { wake, leave } = this.#environment;
    const ends = [wake?.(() => this.#tab.wake()), leave?.(() => this.#tab.leave())];
    return () => {
      for (const end of ends) end?.();
    };
  }

  #changed(): void {
    this.#state = undefined;
    if (this.#files.size > 0) this.#upload();
    this.#listeners.emit('change', this.state);
  }

  /** Whoever sends no file does not load how. Without it the leading tab hears nothing of the file, and gives it up. */
  #upload(): void {
    const tools = { tab: this.#tab, environment: this.#environment };
    import('./files/upload-files.ts').then(
      ({ uploadFiles }) => uploadFiles(this.#files, tools),
      () => {},
    );
  }
}

const directionOf = ({ author }: Message) => (author.role === 'customer' ? 'outgoing' : 'incoming');

/** Makes a client, as `new ChatClient` does. */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return new ChatClient(options);
}
