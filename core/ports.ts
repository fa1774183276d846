/**
 * What the use cases need from the outside. Adapters implement these; contracts in test/contracts
 * hold for each.
 */
import type { Choice } from '#protocol/content';
import type { ServerEvent } from '#protocol/events';
import type { Profile } from '#protocol/frames';
import type { UnservedReason } from './flex.ts';
import type { Identity, Person } from './identity.ts';
import type { ChannelSid, ClientMessageId, ConnectionId, SessionId } from './ids.ts';
import type { Outdated, ParticipantsChange } from './participants.ts';
import type {
  ChannelNote,
  Chat,
  ChatRef,
  ChatWake,
  Session,
  SessionRecord,
  StartedChat,
  TranscriptPlace,
} from './session.ts';

/**
 * Sessions and their chats. Reads are strongly consistent. Expired rows are absent.
 * Writes are conditional and single-item; a write whose condition fails changes nothing.
 */
export interface SessionStore {
  /** One query: the session, its profile and its connections. */
  find(id: SessionId, nowMs: number): Promise<SessionRecord | undefined>;
  /** One query. @returns undefined unless the session has expired or was revoked. */
  findEnded(id: SessionId, nowMs: number): Promise<EndedSession | undefined>;
  /**
   * Creates the session with chat 1 in state `none`, or moves its expiry.
   * @throws ChatError `SESSION_GONE` when the session is there but expired.
   */
  renew(id: SessionId, nowMs: number, expiresAtMs: number): Promise<Session>;
  /** Stores the profile, replacing an earlier one. */
  saveProfile(id: SessionId, profile: Profile, expiresAtMs: number): Promise<void>;
  /** Notes whose session it is, replacing an earlier identity, whether or not the session exists. */
  saveIdentity(id: SessionId, identity: Identity, expiresAtMs: number): Promise<void>;
  /** Stores the bookmark of a chat's transcript, replacing an earlier one. */
  savePlaces(chat: ChatRef, places: readonly TranscriptPlace[], expiresAtMs: number): Promise<void>;
  /**
   * Records that a message is about to be posted into the open chat, in one conditional update.
   *
   * `recorded`: the chat is open, is the one that was named (if one was), and this id was not
   * among the last 20, and those were not all accepted within the burst window.
   * `repeated`: an attempt with this id was recorded before, and counts as the latest from now
   * on; only the caller can find out whether it arrived. The answer may be wrong, which costs the
   * caller one search.
   * `too-fast`: the 20 before it were accepted within the window; this one is not recorded.
   * `not-open`: everything else; no record stands for an unknown or expired session.
   */
  recordAttempt(
    id: SessionId,
    attempt: Attempt,
    chat: number | undefined,
    nowMs: number,
  ): Promise<AttemptRecord>;
  /**
   * Replaces the chat if the stored one still has number and state of `from`.
   * `attempt` is recorded in the same write.
   * @returns whether the write took place.
   */
  changeChat(
    id: SessionId,
    from: Pick<Chat, 'number' | 'state'>,
    to: Chat,
    attempt?: Attempt,
  ): Promise<boolean>;
  /**
   * Changes single fields of the open chat, in one conditional update. Fields that others change
   * at the same time stay.
   * @returns false when the chat of this number is not open, or its reroutings are not as many as expected.
   */
  noteChannel(id: SessionId, chat: number, note: ChannelNote): Promise<boolean>;
  /**
   * Stores when the next wake-up of a chat comes, unless another time than `fromMs` is stored for it.
   * @returns whether the write took place.
   */
  moveWake(id: SessionId, fromMs: number, to: ChatWake): Promise<boolean>;
  /**
   * Adds what is new about the participants, in one update, whether or not the session exists.
   * @param old is removed by the same write.
   * @returns false when `read` is not above the stored one; then nothing was written.
   */
  noteParticipants(
    id: SessionId,
    change: ParticipantsChange,
    old: Outdated,
    expiresAtMs: number,
  ): Promise<boolean>;
  /**
   * Ends the session at once: from now on it is absent, and it can't be renewed.
   * @param moved its person goes on in another session.
   */
  revoke(id: SessionId, moved?: 'moved'): Promise<void>;
}

export interface EndedSession {
  /** Nobody is to come back. */
  readonly isRevoked: boolean;
  /**
   * Connections that are listed still, such as one that could not be reached when it was to be
   * closed.
   */
  readonly connectionIds: readonly ConnectionId[];
}

/** One message on its way to Flex. */
export interface Attempt {
  readonly id: ClientMessageId;
  /**
   * When the customer was told `accepted`. The pace is measured by it, however late the message is
   * delivered.
   */
  readonly acceptedAtMs: number;
  /** 20 messages within this time before it are too many. 0: no limit. */
  readonly burstWindowMs: number;
}

export type AttemptRecord =
  | {
      readonly outcome: 'recorded';
      readonly session: Session;
      readonly chat: StartedChat;
      /** When the message before it was accepted, unless it is the first one. */
      readonly previousAtMs?: number;
    }
  | { readonly outcome: 'repeated' | 'too-fast'; readonly record: SessionRecord }
  | { readonly outcome: 'not-open'; readonly record?: SessionRecord };

export interface OpenedConnection {
  readonly id: ConnectionId;
  readonly connectedAtMs: number;
}

/** Which connections a session has. */
export interface ConnectionStore {
  /** Strongly consistent; one query. */
  list(id: SessionId, nowMs: number): Promise<readonly OpenedConnection[]>;
  /** Removes a connection. @returns whether this call did: of several at once, one does. */
  take(id: SessionId, connection: ConnectionId): Promise<boolean>;
  add(
    id: SessionId,
    connection: ConnectionId,
    connectedAtMs: number,
    expiresAtMs: number,
  ): Promise<void>;
  /**
   * Removing what is not there is no error.
   * @param connectedBeforeMs spares a connection that opened at this time or later.
   */
  remove(id: SessionId, connection: ConnectionId, connectedBeforeMs?: number): Promise<void>;
}

/** From a channel to its chat, for webhooks whose URL does not name the session. */
export interface ChannelIndex {
  link(channel: ChannelSid, chat: ChatRef, expiresAtMs: number): Promise<void>;
  find(channel: ChannelSid, nowMs: number): Promise<ChatRef | undefined>;
}

/** Which session a signed-in person has. Reads are strongly consistent. */
export interface IdentityIndex {
  find(person: Person, nowMs: number): Promise<SessionId | undefined>;
  /**
   * Makes `to` the person's session if none is, or `from` still is. One conditional write.
   * @returns whether it took place.
   */
  claim(
    person: Person,
    from: SessionId | undefined,
    to: SessionId,
    nowMs: number,
    expiresAtMs: number,
  ): Promise<boolean>;
}

/** Says who a customer is. */
export interface CustomerIdentities {
  /**
   * @throws ChatError `IDENTITY_EXPIRED`, `IDENTITY_REFUSED`; `UPSTREAM_UNAVAILABLE` or
   * `MISCONFIGURED` while nothing can be told of an identity.
   */
  verify(token: string, nowMs: number): Promise<Identity>;
}

/** Counts for all copies of a function together how often something happens. */
export interface MinuteCounters {
  /**
   * Counts one more, unless it has been counted `most` times in this minute of the clock. One
   * conditional write.
   * @returns whether it was counted.
   * @throws ChatError `UPSTREAM_UNAVAILABLE`.
   */
  count(key: string, most: number, nowMs: number): Promise<boolean>;
}

/** Pushes events to customers. */
export interface CustomerConnections {
  /**
   * @returns false when the connection is gone (410).
   * @throws ChatError `UPSTREAM_UNAVAILABLE` or `RATE_LIMITED`; never hangs.
   */
  push(connection: ConnectionId, event: ServerEvent): Promise<boolean>;
  /** Closes a connection. Closing one that is gone is no error. Errors as `push`. */
  close(connection: ConnectionId): Promise<void>;
}

/** An order to ask Flex who serves a chat. */
export interface LookOrder {
  readonly kind: 'look';
  readonly chat: number;
  /**
   * The signal that says that perhaps nobody serves it. `unverified`: no signal came, but the task
   * is over or the chat was silent.
   */
  readonly reason: UnservedReason | 'unverified';
  /** The task that is over, if the signal named one. */
  readonly taskSid?: string;
  /** An absence that is seen earlier does not count: Flex may be in the midst of a change. */
  readonly sureFromMs: number;
}

/** What waits for Flex, in the order of sending, per session. */
export type Letter = { readonly sessionId: SessionId } & (
  | {
      readonly kind: 'message';
      readonly id: ClientMessageId;
      readonly body: string;
      readonly acceptedAtMs: number;
      readonly chat?: number;
      readonly attributes?: Readonly<Record<string, unknown>>;
      readonly choice?: Choice;
    }
  /** A file that was uploaded, at `key` with the tag `eTag`. */
  | {
      readonly kind: 'file';
      readonly id: ClientMessageId;
      readonly filename: string;
      readonly contentType: string;
      readonly key: string;
      readonly eTag: string;
      readonly acceptedAtMs: number;
      readonly chat?: number;
    }
  | { readonly kind: 'read'; readonly chat: number; readonly index: number }
  /** `chat`: the number of the chat that the customer wanted to end. */
  | { readonly kind: 'end'; readonly chat: number }
  | LookOrder
);

export type MessageLetter = Extract<Letter, { kind: 'message' }>;
export type FileLetter = Extract<Letter, { kind: 'file' }>;
/** What becomes a message of the customer. */
export type PostLetter = MessageLetter | FileLetter;

/** Durable, ordered per session, at least once. */
export interface FlexMailbox {
  /**
   * Resolves once the letter is durably stored.
   * @param deliveryKey names this one call: repeating it within 5 minutes stores no second letter.
   * It must not be the message id, or a message that is sent again after a rejection would vanish.
   */
  send(letter: Letter, deliveryKey: string): Promise<void>;
}

/** A wake-up for a chat that may have fallen silent. */
export interface ChatTimer extends ChatWake {
  readonly sessionId: SessionId;
  /**
   * The warning that the customer got: since when nobody has written, and when the chat will end.
   */
  readonly warned?: { readonly sinceMs: number; readonly endsAtMs: number };
}

/** Wakes a function up later: at least once, perhaps late, in any order. */
export interface ChatTimers {
  /** @param delayMs at most `MAX_TIMER_DELAY_MS`. */
  set(timer: ChatTimer, delayMs: number): Promise<void>;
}

/** SQS holds no message back for longer. Source: SQS API reference, SendMessage. */
export const MAX_TIMER_DELAY_MS = 900_000;

/** Agents who are signed in to Flex's user interface. */
export interface FlexUsers {
  /**
   * @returns the identity of the user whom the token belongs to.
   * @throws ChatError `FORBIDDEN` for any token that is not good in this account; `TOO_FAST`,
   * `UPSTREAM_UNAVAILABLE` or `RATE_LIMITED` when it can't be told.
   */
  identify(token: string): Promise<string>;
}

/** Proof that a client may resume a session. */
export interface SessionTokens {
  issue(id: SessionId, nowMs: number, expiresAtMs: number): Promise<string>;
  /** @throws ChatError while it can't tell anything of a token. */
  ready(): Promise<void>;
  /**
   * @returns undefined for a token that is malformed, tampered with, signed otherwise, or expired.
   * @throws ChatError as `ready`.
   */
  verify(token: string, nowMs: number): Promise<SessionId | undefined>;
}
