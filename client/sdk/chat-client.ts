import type { Profile } from '#protocol/frames';
import { DEFAULT_MAX_BODY_BYTES, MAX_PROFILE_BYTES, utf8Bytes } from '#protocol/limits';
import { ChatClientError, type ErrorCode, type SendProblem } from './basics/errors.ts';
import { Listeners } from './basics/listeners.ts';
import type { ChatClientEvents, ChatClientState } from './chat-client-state.ts';
import { checkOptions } from './check-options.ts';
import { jsonCopy } from './model/json-copy.ts';
import { newEntry } from './model/outbox.ts';
import { timelineOf } from './model/timeline.ts';
import { isAt } from './model/transcript.ts';
import { type Attributes, findSendProblem } from './outbox/send-problem.ts';
import { platformEnvironment, type SessionScope } from './platform/default-environment.ts';
import type { Environment } from './platform/environment.ts';
import { ChatTab } from './tabs/chat-tab.ts';

export interface ChatClientOptions extends Partial<Environment> {
  /** The stack output `CustomerSocketUrl`. */
  readonly url: string;
  /** Shown to the agent when the chat opens; one that can't be used is left out, and told by `problem`. */
  readonly profile?: Profile;
  /** UTF-8 bytes, as configured in the stack. Default: 8192. */
  readonly maxBodyBytes?: number;
  /** Default: `browser`. */
  readonly scope?: SessionScope;
}

export interface SendOptions {
  readonly attributes?: Attributes;
}

const PROFILE_RULE = `profile: a JSON object of at most ${MAX_PROFILE_BYTES} bytes`;

/** One customer's session on one server, in one tab. Create it, listen to `change`, then `connect`. */
export class ChatClient {
  readonly #environment: Environment;
  readonly #maxBodyBytes: number;
  readonly #tab: ChatTab;
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
      onProblem: (error) => this.#tell(error),
      emit: (name, detail) => this.#listeners.emit(name, detail),
    });
  }

  get state(): ChatClientState {
    this.#state ??= this.#snapshot();
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
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#tab.disconnect();
  }

  /** @returns why the message can't be sent now; undefined when it can. */
  problemWith(body: string, { attributes }: SendOptions = {}): SendProblem | undefined {
    return findSendProblem(this.#tab.store.model, this.#maxBodyBytes, body, attributes);
  }

  /**
   * Puts a message into the outbox, which outlives a reload; it is sent as soon as there is a
   * connection.
   * @returns its client message id.
   * @throws ChatClientError what `problemWith` says.
   */
  send(body: string, options: SendOptions = {}): string {
    const problem = this.problemWith(body, options);
    if (problem !== undefined) throw new ChatClientError(problem);
    const attributes = options.attributes && jsonCopy(options.attributes);
    const { chat, outbox } = this.#tab.store.model;
    const entry = newEntry(outbox, {
      id: this.#environment.newId(),
      body,
      createdAtMs: this.#environment.nowMs(),
      ...(attributes && { attributes }),
      ...(chat && { chat: chat.number }),
    });
    this.#tab.send(entry);
    return entry.id;
  }

  /** Sends a failed message again, as the last one, to the current chat. Refused while that one has ended. */
  retry(id: string): void {
    if (this.#tab.store.model.chat?.state === 'ended') this.#refuse('chat_ended', 'retry');
    else this.#tellFailed('retry', id);
  }

  /** Forgets a failed message. */
  discard(id: string): void {
    this.#tellFailed('discard', id);
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
    return this.#tab.run({ name: 'startChat' });
  }

  /**
   * Asks Flex to end the chat; the state says `ended` once it has.
   * @throws ChatClientError the server's refusal; `unavailable` while offline.
   */
  endChat(): Promise<void> {
    return this.#tab.run({ name: 'endChat' });
  }

  /** Shows the agent that the customer has read up to this message of the current chat. */
  markRead(index: number): void {
    const { chat, transcript } = this.#tab.store.model;
    const isThere = transcript.some((message) => isAt(message, chat?.number ?? 0, index));
    if (isThere) this.#tab.tell({ name: 'markRead', index });
    else this.#refuse('bad_argument', `markRead: no message ${index}`);
  }

  #tellFailed(name: 'retry' | 'discard', id: string): void {
    const { outbox } = this.#tab.store.model;
    const hasFailed = outbox.some((entry) => entry.id === id && entry.state === 'failed');
    if (hasFailed) this.#tab.tell({ name, id });
    else this.#refuse('bad_argument', `${name}: no failed message ${id}`);
  }

  /**
   * @returns undefined for one that the server is sure to refuse, or that would make the frame
   * too large to be refused: the gateway closes the connection instead.
   */
  #usable(profile: Profile): Profile | undefined {
    const copy = jsonCopy(profile);
    if (copy && utf8Bytes(JSON.stringify(copy)) <= MAX_PROFILE_BYTES) return copy;
    return this.#refuse(copy ? 'too_large' : 'bad_frame', PROFILE_RULE);
  }

  #refuse(code: ErrorCode, message: string): undefined {
    this.#tell(new ChatClientError(code, message));
  }

  /** A page may listen only after it has created the client. */
  #tell(problem: ChatClientError): void {
    queueMicrotask(() => {
      if (!this.#listeners.emit('problem', problem)) console.warn(problem);
    });
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
    this.#listeners.emit('change', this.state);
  }

  #snapshot(): ChatClientState {
    const { connection, persistent, store } = this.#tab;
    const { chat, agents, typing, endsAt, replaced } = store.model;
    const timeline = timelineOf(store.model);
    return { connection, chat, timeline, agents, typing, endsAt, replaced, persistent };
  }
}

/** @see ChatClient */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return new ChatClient(options);
}
