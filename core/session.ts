/** Session, chat and channel: what AWS keeps. Message text is not among it. */
import type { Customer, Identity } from './identity.ts';
import type { ChannelSid, ConnectionId, SessionId } from './ids.ts';
import type { Participants } from './participants.ts';

/** How long a session token is good after a `hello`. */
export const TOKEN_TTL_MS = 24 * 60 * 60_000;

/** API Gateway closes every connection after this time. */
const CONNECTION_TTL_MS = 2 * 60 * 60_000;

/** A client that reads a long transcript asks for the next page well within this time. */
const PLACES_TTL_MS = 60 * 60_000;

/** How long items outlive what they describe. */
const ROW_MARGIN_MS = 60 * 60_000;

/** How long the items live that are written only once, however often their session is renewed. */
const LASTING_TTL_MS = 30 * 24 * 60 * 60_000;

/** When a profile, or a channel's pointer to its session, expires. */
export function lastingExpiry(nowMs: number): number {
  return nowMs + LASTING_TTL_MS;
}

export function connectionExpiry(connectedAtMs: number): number {
  return connectedAtMs + CONNECTION_TTL_MS + ROW_MARGIN_MS;
}

export function placesExpiry(nowMs: number): number {
  return nowMs + PLACES_TTL_MS;
}

/**
 * When a session renewed now ends. Its row outlives the token by more than a connection
 * lives: no connection that was opened with a good token outlives its session.
 */
export function sessionExpiry(nowMs: number): { tokenExpiresAtMs: number; rowExpiresAtMs: number } {
  const tokenExpiresAtMs = nowMs + TOKEN_TTL_MS;
  return { tokenExpiresAtMs, rowExpiresAtMs: connectionExpiry(tokenExpiresAtMs) };
}

/** The Flex side of one chat. */
export interface Channel {
  readonly sid: ChannelSid;
  /** Flex Conversations: `KD…`, known when we created the interaction. */
  readonly interactionSid?: string;
  /** Flex Conversations: `UO…`. */
  readonly interactionChannelSid?: string;
  /** `WT…`: the latest that we know of. */
  readonly taskSid?: string;
  /** `MB…`: the customer in it. Unknown in sessions of earlier versions. */
  readonly participantSid?: string;
  /** Since when a task is awaited. Absent once a task or an agent has been seen. */
  readonly awaitedSinceMs?: number;
  /** A task or an agent has been seen, whoever routed the chat. */
  readonly wasServed?: true;
  /**
   * When a task or an agent was last seen. Absent in sessions of earlier versions, and while a task
   * is awaited.
   */
  readonly servedAtMs?: number;
  /**
   * Since when a signal said that perhaps nobody serves the chat. The next look that finds out
   * removes it.
   */
  readonly unverifiedSinceMs?: number;
  /** The agent has paused the chat; the customer's next message is to bring another task. */
  readonly isPaused?: true;
  /** Another task has been asked for, and it is not known yet whether it was made. */
  readonly isRerouting?: true;
}

/**
 * A change of single fields of an open chat: other functions may change other fields at the same
 * time.
 */
export interface ChannelNote {
  readonly set?: Partial<Omit<Channel, 'sid'>>;
  readonly remove?: readonly (keyof Omit<Channel, 'sid'>)[];
  /** Adds one to the count of reroutings. The write fails if another number is stored than this. */
  readonly reroutesFrom?: number;
}

/** A chat that Flex does not know yet: it opens with the first message. */
export interface NewChat {
  readonly number: number;
  readonly state: 'none';
}

/** A chat with a channel in Flex. */
export interface StartedChat {
  readonly number: number;
  readonly state: 'open' | 'ended';
  readonly channel: Channel;
  /** The customer has asked for the end: the function that learns of the end first tells so. */
  readonly endRequestedByCustomer?: true;
  /** This channel itself has asked for the end. */
  readonly endRequestedBySystem?: true;
  /** How often the chat was routed again because nobody served it any more. */
  readonly reroutes?: number;
}

/** One run of talk. A session numbers its chats from 1. */
export type Chat = NewChat | StartedChat;

export interface Session {
  readonly id: SessionId;
  readonly expiresAtMs: number;
  readonly chat: Chat;
}

/** The wake-up of a chat that counts. Others may be under way, and are stale. */
export interface ChatWake {
  readonly chat: number;
  readonly atMs: number;
}

/** Long after the wake-up, which may come late. */
export function wakeExpiry({ atMs }: ChatWake): number {
  return atMs + LASTING_TTL_MS;
}

/**
 * A page token of Flex from which a transcript can be read on. Only an answer of Flex gives one.
 */
export interface TranscriptPlace {
  /** Index of the last message before that page. */
  readonly index: number;
  readonly token: string;
}

/** A session with everything stored under its key; one query. */
export interface SessionRecord {
  readonly session: Session;
  /** What the customer says, and above it what `identity` says. */
  readonly profile: Customer;
  /** Only of a signed-in customer. */
  readonly identity?: Identity;
  readonly connectionIds: readonly ConnectionId[];
  /** When the customer's latest message was accepted. */
  readonly lastMessageAtMs?: number;
  /** When the next wake-up of a chat comes, where idle chats are ended. */
  readonly wake?: ChatWake;
  readonly participants: Participants;
  /** By chat: the bookmark of a long transcript that was read lately. */
  readonly places?: ReadonlyMap<number, readonly TranscriptPlace[]>;
}

/** The key under which a chat's channel is opened, looked up and found again after a crash. */
export interface ChatRef {
  readonly sessionId: SessionId;
  readonly number: number;
}

export function chatRef(session: Session, number = session.chat.number): ChatRef {
  return { sessionId: session.id, number };
}

/**
 * The customer's identity in Flex. Holds nothing personal and only characters that
 * Twilio recommends. Source: twilio.com/docs/flex, Interactions and best practices.
 */
export function customerIdentity(id: SessionId): string {
  return `customer-${id}`;
}
