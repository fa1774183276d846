import type { EventOf } from '#protocol/events';
import type { Cursor, Frame, Profile } from '#protocol/frames';
import { applySession } from './chat-model.ts';
import { codeOf, isRetryable } from './errors.ts';
import type { HistoryReader } from './history-reader.ts';
import type { Line } from './line.ts';
import type { Link } from './link.ts';
import type { ModelStore } from './model-store.ts';
import type { OutboxSender } from './outbox-sender.ts';
import type { StoredSession } from './session-store.ts';

export interface SessionKeeperOptions {
  readonly profile: Profile | undefined;
  /** Undefined: the server has ended it, so its token is worth nothing. */
  readonly onSession: (session: StoredSession | undefined) => void;
}

/** Says hello on each new link, and renews the session when its profile or chat changes. */
export class SessionKeeper {
  readonly #line: Line;
  readonly #store: ModelStore;
  readonly #sender: OutboxSender;
  readonly #reader: HistoryReader;
  readonly #onSession: SessionKeeperOptions['onSession'];
  #profile: Profile | undefined;

  constructor(
    parts: { line: Line; store: ModelStore; sender: OutboxSender; reader: HistoryReader },
    { profile, onSession }: SessionKeeperOptions,
  ) {
    this.#line = parts.line;
    this.#store = parts.store;
    this.#sender = parts.sender;
    this.#reader = parts.reader;
    this.#profile = profile;
    this.#onSession = onSession;
  }

  async greet(link: Link): Promise<void> {
    const { sessionId, catchUp } = this.#store.model;
    // Another session, one begun now or by another tab, knows nothing of the cursor.
    const after = link.session?.sessionId === sessionId ? catchUp?.cursor : undefined;
    try {
      const reply = await link.request(this.#hello(after));
      if (!this.#line.uses(link)) return;
      const isReconnect = !this.#line.isOnline;
      // Nothing of a new session goes over the link of the former one.
      this.#sender.hold();
      this.#apply(reply, after);
      // A listener may have disconnected, or another tab have taken over.
      if (!this.#line.uses(link)) return;
      this.#line.welcome(link, sessionId !== undefined && sessionId !== reply.sessionId);
      if (isReconnect) this.#sender.resend();
      else this.#sender.release();
      this.#reader.readMissing();
    } catch (error) {
      const code = codeOf(error);
      // What was said in `hello` is wrong: it would be wrong again.
      if (code === 'internal' || isRetryable(code)) link.lose();
      else this.#line.end(code);
    }
  }

  /** Counts for chats that open from now on. */
  async setProfile(profile: Profile): Promise<void> {
    this.#profile = profile;
    if (this.#line.isOnline) await this.#renew(this.#hello(this.#store.model.catchUp?.cursor));
  }

  async startChat(): Promise<void> {
    await this.#renew({ action: 'startChat', ...this.#introduction() });
  }

  /** The server is about to close. */
  closing({ reason, reconnect }: EventOf<'closing'>): void {
    if (reason === 'expired' || reason === 'revoked') this.#onSession(undefined);
    if (reconnect) this.#line.replace();
    else this.#line.end(reason);
  }

  #hello(after: Cursor | undefined): Extract<Frame, { action: 'hello' }> {
    return { action: 'hello', ...this.#introduction(), ...(after && { after }) };
  }

  #introduction(): { profile?: Profile } {
    return this.#profile ? { profile: this.#profile } : {};
  }

  /** Messages wait for the reply: it says which chat they belong to, and the profile must be known before the chat opens. */
  async #renew(frame: Extract<Frame, { action: 'hello' | 'startChat' }>): Promise<void> {
    this.#sender.hold();
    try {
      const reply = await this.#line.request(frame);
      this.#apply(reply, frame.action === 'hello' ? frame.after : undefined);
    } finally {
      this.#sender.release();
    }
    this.#reader.readMissing();
  }

  /** The outbox goes over to a new session before that one is kept: a reload in between finds neither mixed. */
  #apply(reply: EventOf<'session'>, after: Cursor | undefined): void {
    this.#store.update((model) => applySession(model, reply, after));
    this.#onSession({ sessionId: reply.sessionId, token: reply.token });
  }
}
