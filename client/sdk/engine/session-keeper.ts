import type { Code } from '#protocol/codes';
import type { EventOf } from '#protocol/events';
import type { Cursor, Frame, Profile } from '#protocol/frames';
import { ChatClientError, codeOf } from '../basics/errors.ts';
import type { Connection } from '../connection/connection.ts';
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import { applySession } from '../model/apply-listing.ts';
import type { LossCause } from '../model/chat-model.ts';
import type { ModelStore } from '../model/model-store.ts';
import { withProfile } from '../model/profile.ts';
import type { OutboxSender } from '../outbox/outbox-sender.ts';
import type { StoredSession } from '../storage/session-store.ts';
import type { HistoryReader } from './history-reader.ts';

export interface SessionKeeperOptions {
  readonly profile: Profile | undefined;
  /** Undefined: the server has ended it, so its token is worth nothing. */
  readonly onSession: (session: StoredSession | undefined) => void;
  readonly onProblem: (error: ChatClientError) => void;
}

/** Whatever else `hello` is refused with, such as a session that is gone, leads to another connection. */
const WRONG_HELLO: readonly Code[] = ['bad_frame', 'too_large', 'unknown_action', 'not_supported'];

type Hello = Extract<Frame, { action: 'hello' }>;

/** Says hello on each new connection, and again when the customer is introduced anew; begins the next chat. */
export class SessionKeeper {
  readonly #connection: ReconnectingConnection;
  readonly #store: ModelStore;
  readonly #sender: OutboxSender;
  readonly #reader: HistoryReader;
  readonly #onSession: SessionKeeperOptions['onSession'];
  readonly #onProblem: SessionKeeperOptions['onProblem'];
  /** The profile that this page began with; one that any tab has set since comes first. */
  #firstProfile: Profile | undefined;
  /** The last profile that the server has accepted. */
  #takenProfile: Profile | undefined;
  #isIntroducing = false;
  /** Why there is no session to resume. */
  #loss: LossCause | undefined;

  constructor(
    parts: {
      connection: ReconnectingConnection;
      store: ModelStore;
      sender: OutboxSender;
      reader: HistoryReader;
    },
    { profile, onSession, onProblem }: SessionKeeperOptions,
  ) {
    this.#connection = parts.connection;
    this.#store = parts.store;
    this.#sender = parts.sender;
    this.#reader = parts.reader;
    this.#firstProfile = profile;
    this.#onSession = onSession;
    this.#onProblem = onProblem;
  }

  /** The server knows who the customer is, as far as this tab does: a chat may open. */
  get isIntroduced(): boolean {
    return this.#takenProfile === this.#profile;
  }

  async greet(opened: Connection): Promise<void> {
    const { sessionId, catchUp } = this.#store.model;
    // The cursor belongs to the model's session; another one knows nothing of it.
    const hello = this.#hello(
      opened.session?.sessionId === sessionId ? catchUp?.cursor : undefined,
    );
    try {
      const reply = await opened.request(hello);
      if (!this.#connection.uses(opened)) return;
      const isReconnect = !this.#connection.isOnline;
      // Nothing of a new session goes over the connection of the former one.
      this.#sender.hold();
      this.#welcomed(reply, hello);
      // A listener may have disconnected, or another tab have taken over.
      if (!this.#connection.uses(opened)) return;
      this.#connection.welcome(opened, sessionId !== undefined && sessionId !== reply.sessionId);
      if (isReconnect) this.#sender.resend();
      this.#sender.release();
      this.#reader.readMissing();
      await this.#introduce();
    } catch (error) {
      const code = codeOf(error);
      // What was said in `hello` is wrong: it would be wrong again.
      if (this.#mayPass(hello, code)) opened.lose();
      else this.#connection.end(code);
    }
  }

  /** Counts for chats that open from now on. */
  async setProfile(profile: Profile): Promise<void> {
    this.#store.update((model) => withProfile(model, profile));
    await this.#introduce();
  }

  async startChat(): Promise<void> {
    this.#apply(await this.#connection.request({ action: 'startChat' }), undefined);
    this.#sender.sendNext();
    this.#reader.readMissing();
  }

  /** The server is about to close. */
  closing({ reason, reconnect }: EventOf<'closing'>): void {
    if (reason === 'expired' || reason === 'revoked') this.lost(reason);
    if (reconnect) this.#connection.replace();
    else this.#connection.end(reason);
  }

  /** There is nothing to resume any more: what begins next is another session. */
  lost(cause: LossCause): void {
    this.#loss = cause;
    this.#onSession(undefined);
  }

  /** Another customer comes next. */
  forget(): void {
    this.#firstProfile = undefined;
    this.#takenProfile = undefined;
    this.#loss = undefined;
  }

  get #profile(): Profile | undefined {
    return this.#store.model.profile ?? this.#firstProfile;
  }

  #hello(after: Cursor | undefined): Hello {
    const profile = this.#profile;
    // Who knows nothing is shown the end of the chat first.
    return {
      action: 'hello',
      ...(profile && { profile }),
      ...(after ? { after } : { latest: true }),
    };
  }

  /** One hello at a time, so that the last profile is the last to arrive; messages wait for it. */
  async #introduce(): Promise<void> {
    if (this.isIntroduced || this.#isIntroducing || !this.#connection.isOnline) return;
    const hello = this.#hello(this.#store.model.catchUp?.cursor);
    this.#isIntroducing = true;
    try {
      this.#welcomed(await this.#connection.request(hello), hello);
      this.#reader.readMissing();
    } catch (error) {
      this.#mayPass(hello, codeOf(error));
      if (!this.isIntroduced) this.#connection.lose();
    }
    this.#isIntroducing = false;
    this.#sender.sendNext();
    await this.#introduce();
  }

  /** A profile that was refused for good is forgotten. @returns whether a next `hello` may be taken. */
  #mayPass({ profile }: Hello, code: Code): boolean {
    if (!WRONG_HELLO.includes(code)) return true;
    if (profile === this.#firstProfile) this.#firstProfile = undefined;
    if (profile === this.#store.model.profile) {
      this.#store.update((model) => withProfile(model, this.#takenProfile));
    }
    if (profile) this.#onProblem(new ChatClientError(code, 'the server refuses the profile'));
    return profile !== undefined;
  }

  #welcomed(reply: EventOf<'session'>, { profile, after }: Hello): void {
    this.#takenProfile = profile;
    this.#apply(reply, after);
  }

  /** The outbox moves to a new session before that session is stored, so that a reload in between never mixes the two. */
  #apply(reply: EventOf<'session'>, after: Cursor | undefined): void {
    const { sessionId, token } = reply;
    const cause = this.#loss;
    this.#loss = undefined;
    this.#store.update((model) => applySession(model, reply, after, cause));
    this.#onSession({ sessionId, token });
  }
}
