import type { EventOf, ServerEvent } from '#protocol/events';
import type { Cursor, Frame, Profile } from '#protocol/frames';
import { DEFAULT_MAX_BODY_BYTES, SUBPROTOCOL, utf8Bytes } from '#protocol/limits';
import type { ChatClientEvents, ChatClientState } from './chat-client-state.ts';
import { applyEvent, applySession, resend } from './chat-model.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Environment } from './environment.ts';
import { ChatClientError, codeOf, isRetryable, type SendProblem } from './errors.ts';
import { HistoryReader } from './history-reader.ts';
import { Line } from './line.ts';
import { Listeners } from './listeners.ts';
import { ModelStore } from './model-store.ts';
import { enqueue, isFull, retryFailed } from './outbox.ts';
import { OutboxSender } from './outbox-sender.ts';
import { platformEnvironment, type SessionScope } from './platform.ts';
import { timelineOf } from './timeline.ts';
import { TokenStore } from './token-store.ts';
import { newMessages } from './transcript.ts';

export interface ChatClientOptions extends Partial<Environment> {
  /** The stack output `CustomerSocketUrl`. */
  readonly url: string;
  /** Shown to the agent when the chat opens. */
  readonly profile?: Profile;
  /** UTF-8 bytes, as configured in the stack. Default: 8192. */
  readonly maxBodyBytes?: number;
  /** Default: `browser`. */
  readonly scope?: SessionScope;
}

/** One customer's session on one server. Create it, listen to `change`, then `connect`. */
export class ChatClient {
  readonly #environment: Environment;
  readonly #maxBodyBytes: number;
  readonly #tokens: TokenStore;
  readonly #line: Line;
  readonly #store = new ModelStore(() => this.#changed());
  readonly #sender: OutboxSender;
  readonly #reader: HistoryReader;
  readonly #listeners = new Listeners<ChatClientEvents>();
  #state: ChatClientState | undefined;
  #profile: Profile | undefined;
  /** Of the current connection; a session begun without token does not know the cursor of the one before. */
  #offeredToken = false;
  #markedRead: Cursor | undefined;

  constructor({ url, profile, maxBodyBytes, scope, ...overrides }: ChatClientOptions) {
    this.#environment = { ...platformEnvironment(scope ?? 'browser'), ...overrides };
    this.#maxBodyBytes = maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    this.#profile = profile;
    this.#tokens = new TokenStore(this.#environment.storage, url);
    this.#line = new Line(this.#environment, {
      url,
      protocols: (withToken) => this.#protocols(withToken),
      onOpen: () => void this.#greet(),
      onEvent: (event) => this.#receive(event),
      onState: (state) => this.#enter(state),
    });
    this.#sender = new OutboxSender(this.#line, this.#store, this.#environment.random);
    this.#reader = new HistoryReader(this.#line, this.#store, this.#environment.random);
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

  /** Stays connected from now on. Call it again to cut a wait short, such as when the browser is online again. */
  connect(): void {
    this.#line.connect();
  }

  /** Closes the connection. The session goes on, and so does the chat. */
  disconnect(): void {
    this.#line.disconnect();
  }

  /** @returns why the text can't be sent now; undefined when it can. */
  problemWith(body: string): SendProblem | undefined {
    const { chat, outbox } = this.#store.model;
    if (body.trim() === '') return 'empty';
    if (utf8Bytes(body) > this.#maxBodyBytes) return 'too_large';
    if (chat?.state === 'ended') return 'chat_ended';
    return isFull(outbox) ? 'outbox_full' : undefined;
  }

  /**
   * Puts a message into the outbox; it is sent as soon as there is a connection.
   * @returns its client message id.
   * @throws ChatClientError what `problemWith` says.
   */
  send(body: string): string {
    const problem = this.problemWith(body);
    if (problem !== undefined) throw new ChatClientError(problem);
    const { nowMs, newId } = this.#environment;
    const id = newId();
    this.#store.update((model) => ({
      ...model,
      outbox: enqueue(model.outbox, {
        id,
        body,
        createdAtMs: nowMs(),
        ...(model.chat && { chat: model.chat.number }),
      }),
    }));
    this.#sender.sendNext();
    return id;
  }

  /** Sends a failed message again, as the last one, to the current chat. Ignored while that one has ended. */
  retry(id: string): void {
    if (this.#store.model.chat?.state === 'ended') return;
    this.#store.update((model) => ({
      ...model,
      outbox: retryFailed(model.outbox, id, model.chat?.number),
    }));
    this.#sender.sendNext();
  }

  /** Tells who the customer is; counts for chats that open from now on. */
  setProfile(profile: Profile): void {
    this.#profile = profile;
    if (this.#line.isOnline)
      this.#renew({ action: 'hello', ...this.#introduction() }).catch(ignore);
  }

  /**
   * Makes room for the next chat after one has ended; it opens with the next message.
   * @throws ChatClientError the server's refusal; `unavailable` while offline.
   */
  async startChat(): Promise<void> {
    this.#requireOnline();
    const profile = this.#profile;
    await this.#renew({ action: 'startChat', ...(profile && { profile }) });
  }

  /**
   * Asks Flex to end the chat; the state says `ended` once it has.
   * @throws ChatClientError the server's refusal; `unavailable` while offline.
   */
  async endChat(): Promise<void> {
    this.#requireOnline();
    await this.#line.request({ action: 'endChat' });
  }

  /** Shows the agent that the customer has read up to this index of the current chat. */
  markRead(index: number): void {
    const chat = this.#store.model.chat?.number;
    const marked = this.#markedRead;
    if (chat === undefined || !this.#line.isOnline) return;
    if (marked !== undefined && marked.chat === chat && marked.index >= index) return;
    this.#markedRead = { chat, index };
    this.#line.request({ action: 'markRead', chat, index }).catch(() => {
      this.#markedRead = marked;
    });
  }

  #protocols(withToken: boolean): { names: string[]; hasToken: boolean } {
    const token = withToken ? this.#tokens.token : undefined;
    this.#offeredToken = token !== undefined;
    return {
      names: [SUBPROTOCOL, ...(token === undefined ? [] : [`token.${token}`])],
      hasToken: this.#offeredToken,
    };
  }

  async #greet(): Promise<void> {
    try {
      await this.#renew({ action: 'hello', ...this.#introduction() });
    } catch (error) {
      const code = codeOf(error);
      // What was said in `hello` is wrong: it would be wrong again.
      if (code === 'internal' || isRetryable(code)) this.#line.lose();
      else this.#line.end(code);
    }
  }

  #introduction(): { profile?: Profile; after?: Cursor } {
    const after = this.#offeredToken ? this.#store.model.catchUp?.cursor : undefined;
    return { ...(this.#profile && { profile: this.#profile }), ...(after && { after }) };
  }

  /** Messages wait for the reply: it says which chat they belong to, and the profile must be known before the chat opens. */
  async #renew(frame: Extract<Frame, { action: 'hello' | 'startChat' }>): Promise<void> {
    this.#sender.hold();
    try {
      const reply = await this.#line.request(frame);
      this.#welcome(reply, frame.action === 'hello' ? frame.after : undefined);
    } finally {
      this.#sender.release();
    }
    this.#reader.read();
  }

  #welcome(reply: EventOf<'session'>, after: Cursor | undefined): void {
    this.#tokens.save(reply.token);
    const isReconnect = !this.#line.isOnline;
    this.#store.update((model) => {
      const renewed = applySession(model, reply, after);
      return isReconnect ? resend(renewed) : renewed;
    });
    this.#line.welcome();
  }

  #receive(event: ServerEvent): void {
    const said = event.type === 'message' ? newMessages(this.#store.model.transcript, [event]) : [];
    this.#store.update((model) => applyEvent(model, event));
    for (const message of said) this.#listeners.emit('message', message);
    if (event.type === 'closing') this.#close(event);
  }

  #close({ reason, reconnect }: EventOf<'closing'>): void {
    if (reason === 'expired' || reason === 'revoked') this.#tokens.forget();
    if (reconnect) this.#line.lose();
    else this.#line.end(reason);
  }

  #enter(state: ConnectionState): void {
    if (state.name !== 'online') {
      this.#sender.hold();
      this.#reader.stop();
    }
    this.#changed();
  }

  #requireOnline(): void {
    if (!this.#line.isOnline) throw new ChatClientError('unavailable', 'not connected');
  }

  #changed(): void {
    this.#state = undefined;
    this.#listeners.emit('change', this.state);
  }

  #snapshot(): ChatClientState {
    const { model } = this.#store;
    return {
      connection: this.#line.state,
      ...(model.chat && { chat: model.chat }),
      timeline: timelineOf(model),
      agents: model.agents,
    };
  }
}

/** @see ChatClient */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return new ChatClient(options);
}

const ignore = () => {};
