import type { Profile } from '#protocol/frames';
import { DEFAULT_MAX_BODY_BYTES } from '#protocol/limits';
import type { ChatClientEvents, ChatClientState } from './chat-client-state.ts';
import { ChatTab } from './chat-tab.ts';
import type { Environment } from './environment.ts';
import { ChatClientError, type SendProblem } from './errors.ts';
import { jsonCopy } from './json-copy.ts';
import { Listeners } from './listeners.ts';
import { newEntry } from './outbox.ts';
import { platformEnvironment, type SessionScope } from './platform.ts';
import { type Attributes, findSendProblem } from './send-problem.ts';
import { timelineOf } from './timeline.ts';
import { usableProfile } from './usable-profile.ts';

export interface ChatClientOptions extends Partial<Environment> {
  /** The stack output `CustomerSocketUrl`. */
  readonly url: string;
  /** Shown to the agent when the chat opens; left out if the server refuses it. */
  readonly profile?: Profile;
  /** UTF-8 bytes, as configured in the stack. Default: 8192. */
  readonly maxBodyBytes?: number;
  /** Default: `browser`. */
  readonly scope?: SessionScope;
}

export interface SendOptions {
  readonly attributes?: Attributes;
}

/** One customer's session on one server, in one tab. Create it, listen to `change`, then `connect`. */
export class ChatClient {
  readonly #environment: Environment;
  readonly #maxBodyBytes: number;
  readonly #tab: ChatTab;
  readonly #listeners = new Listeners<ChatClientEvents>();
  #unsubscribe: (() => void) | undefined;
  #state: ChatClientState | undefined;

  constructor({ url, profile, maxBodyBytes, scope, ...overrides }: ChatClientOptions) {
    this.#environment = { ...platformEnvironment(scope), ...overrides };
    this.#maxBodyBytes = maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    this.#tab = new ChatTab(this.#environment, {
      url,
      profile: profile && usableProfile(profile),
      onChange: () => this.#changed(),
      onSaid: (messages) => {
        for (const message of messages) this.#listeners.emit('message', message);
      },
    });
  }

  get state(): ChatClientState {
    this.#state ??= this.#snapshot();
    return this.#state;
  }

  /** @returns a function that ends the subscription. */
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

  /** Sends a failed message again, as the last one, to the current chat. Ignored while that one has ended. */
  retry(id: string): void {
    this.#tab.tell({ name: 'retry', id });
  }

  /** Forgets a failed message. */
  discard(id: string): void {
    this.#tab.tell({ name: 'discard', id });
  }

  /**
   * Tells who the customer is; counts for chats that open from now on. One that the server
   * refuses is forgotten: the one before stays.
   */
  setProfile(profile: Profile): void {
    const usable = usableProfile(profile);
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

  /** Shows the agent that the customer has read up to this index of the current chat. */
  markRead(index: number): void {
    this.#tab.tell({ name: 'markRead', index });
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
    const { chat, agents, typing } = store.model;
    return {
      connection,
      ...(chat && { chat }),
      timeline: timelineOf(store.model),
      agents,
      ...(typing !== undefined && { typing }),
      persistent,
    };
  }
}

/** @see ChatClient */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return new ChatClient(options);
}
