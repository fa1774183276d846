/** Everything the client knows about the session. */
import type { ChatState, EventOf, FileLimits } from '#protocol/events';
import type { Cursor, Profile } from '#protocol/frames';
import { EMPTY_OUTBOX, type Outbox } from './outbox.ts';
import { EMPTY_TRANSCRIPT, type Message, type Transcript } from './transcript.ts';

/** The chat that messages go to now. */
export interface CurrentChat {
  readonly number: number;
  /** `none`: begins with the first message. */
  readonly state: ChatState;
}

/** Something that happened between messages. */
export interface Notice {
  readonly chat: number;
  /** It happened after the message with this index; -1 is before the first. */
  readonly afterIndex: number;
  /** `gap`: messages from before the next one are left out. */
  readonly event: 'joined' | 'left' | 'ended' | 'gap';
  /** Who joined or left. */
  readonly name?: string;
  /** Who ended the chat; absent when that is not known. */
  readonly by?: EventOf<'ended'>['by'] | undefined;
}

/** How far everything that was said is known. */
export interface CatchUp {
  /** Everything up to here is known. */
  readonly cursor: Cursor;
  /** True: nothing more to ask for. */
  readonly complete: boolean;
}

/**
 * Why a session was not resumed. `void`: the server does not know its token any more. `unknown`:
 * it was not there to be resumed, or another tab has begun the new one.
 */
export type LossCause = 'expired' | 'revoked' | 'void' | 'unknown';

export interface ChatModel {
  /** Absent until the first `session` reply ever. */
  readonly sessionId?: string;
  /** Why this session took the place of another one that was shown here. */
  readonly replaced?: LossCause;
  readonly chat?: CurrentChat;
  /** What is shown: all from `from` to the cursor of `catchUp`. */
  readonly transcript: Transcript;
  /** What is kept begins after this place; absent: where the session's messages began for this client. */
  readonly from?: Cursor;
  /** How many messages are kept, once earlier ones were asked for. */
  readonly keeps?: number;
  /** Pushed, and held back because messages before them may be missing. */
  readonly held: readonly Message[];
  /** Gone from Flex, the latest last. */
  readonly deleted?: readonly Cursor[];
  /** What was said anew, the latest last: this tab, or another one, may not keep the message yet. */
  readonly edited?: readonly Message[];
  readonly outbox: Outbox;
  readonly notices: readonly Notice[];
  /** How many before those were let go of. */
  readonly noticesGone?: number;
  /** Names of the agents in the current chat, as far as this client saw them join. */
  readonly agents: readonly string[];
  /** Name of the agent who is typing. */
  readonly typing?: string | undefined;
  /** When the current chat ends, unless somebody writes before. */
  readonly endsAt?: string | undefined;
  /** The agent has read up to here. */
  readonly readUpTo?: Cursor;
  /** The customer has read up to here, as a tab has said. */
  readonly seenUpTo?: Cursor;
  readonly catchUp?: CatchUp;
  /** Which files the server takes; absent: none. */
  readonly files?: FileLimits | undefined;
  /** Who the customer is, as any tab has told last. */
  readonly profile?: Profile | undefined;
}

export const EMPTY_MODEL: ChatModel = {
  transcript: EMPTY_TRANSCRIPT,
  held: [],
  outbox: EMPTY_OUTBOX,
  notices: [],
  agents: [],
};
