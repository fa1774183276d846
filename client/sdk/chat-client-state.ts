import type { CurrentChat } from './chat-life.ts';
import type { ConnectionState } from './connection-state.ts';
import type { TimelineItem } from './timeline.ts';
import type { Message } from './transcript.ts';

/** What there is to show, the same in every tab. A new object after each change. */
export interface ChatClientState {
  readonly connection: ConnectionState;
  /** Absent until the server has answered for the first time. */
  readonly chat?: CurrentChat;
  readonly timeline: readonly TimelineItem[];
  /** Names of the agents in the chat. */
  readonly agents: readonly string[];
  /** Name of the agent who is typing just now. */
  readonly typing?: string;
  /** False: messages that are not delivered yet would be lost by a reload. */
  readonly persistent: boolean;
}

export interface ChatClientEvents {
  readonly change: ChatClientState;
  /** A message has just been said. Not raised for those that are read back after a reconnect. */
  readonly message: Message;
}
