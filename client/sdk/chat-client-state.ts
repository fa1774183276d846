import type { ChatClientError } from './basics/errors.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import type { CurrentChat } from './model/chat-life.ts';
import type { LossCause } from './model/chat-model.ts';
import type { TimelineItem } from './model/timeline.ts';
import type { Message } from './model/transcript.ts';

/** What there is to show, the same in every tab. A new object after each change. */
export interface ChatClientState {
  readonly connection: ConnectionState;
  /** Absent until the server has answered for the first time. */
  readonly chat: CurrentChat | undefined;
  readonly timeline: readonly TimelineItem[];
  /** Names of the agents in the chat. */
  readonly agents: readonly string[];
  /** Name of the agent who is typing just now. */
  readonly typing: string | undefined;
  /** Set once nobody has written for long: then the chat ends (ISO 8601), unless somebody writes before. */
  readonly endsAt: string | undefined;
  /** Why this session took the place of the one that was shown before. */
  readonly replaced: LossCause | undefined;
  /** False: messages that are not delivered yet would be lost by a reload. */
  readonly persistent: boolean;
}

export interface ChatClientEvents {
  readonly change: ChatClientState;
  /** A message has just been said. Not raised for those that are read back after a reconnect. */
  readonly message: Message;
  /** The chat ends soon, unless somebody writes. */
  readonly idle: { readonly chat: number; readonly endsAt: string };
  /** The session could not be resumed, and another one has begun with an empty timeline. */
  readonly replaced: ReplacedSession;
  /** Something went wrong outside of a call. Without a listener it is written to the console. */
  readonly problem: ChatClientError;
}

export interface ReplacedSession {
  readonly cause: LossCause;
  /** What was shown of it. */
  readonly timeline: readonly TimelineItem[];
}
