/** Everything the client knows about the session, and how replies and events change it. Pure. */
import type { EventOf, ServerEvent } from '#protocol/events';
import type { Cursor, Profile } from '#protocol/frames';
import { list, receive } from './arrivals.ts';
import { beginCatchUp, type CatchUp, continueCatchUp, noticeChat } from './catch-up.ts';
import {
  applyChat,
  applyEnd,
  applyGap,
  applyIdle,
  applyParticipant,
  type CurrentChat,
  type Notice,
} from './chat-life.ts';
import {
  address,
  EMPTY_OUTBOX,
  markFailed,
  markSent,
  moveToNewSession,
  type Outbox,
} from './outbox.ts';
import { withProfile } from './profile.ts';
import { compareCursors, EMPTY_TRANSCRIPT, type Message, type Transcript } from './transcript.ts';

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
  /** What is shown. */
  readonly transcript: Transcript;
  /** Pushed, and held back because messages before them may be missing. */
  readonly held: readonly Message[];
  readonly outbox: Outbox;
  readonly notices: readonly Notice[];
  /** Names of the agents in the current chat, as far as this client saw them join. */
  readonly agents: readonly string[];
  /** Name of the agent who is typing. */
  readonly typing?: string | undefined;
  /** When the current chat ends, unless somebody writes before. */
  readonly endsAt?: string | undefined;
  /** The agent has read up to here. */
  readonly readUpTo?: Cursor;
  readonly catchUp?: CatchUp;
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

/**
 * @param after the cursor that the answered `hello` carried. Without one, such as in
 * `startChat`, the cursor of a session that goes on stays where it is.
 * @param cause why this may be another session.
 */
export function applySession(
  model: ChatModel,
  reply: EventOf<'session'>,
  after: Cursor | undefined,
  cause?: LossCause,
): ChatModel {
  const { sessionId, chat, missed } = reply;
  const isOther = model.sessionId !== undefined && model.sessionId !== sessionId;
  const base: ChatModel = isOther
    ? { ...emptied(model, cause), outbox: moveToNewSession(model.outbox, chat.number) }
    : { ...model, outbox: address(model.outbox, chat.number) };
  const catchUp = renewCatchUp(base.catchUp, reply, after);
  const listed = list({ ...base, sessionId, catchUp }, missed);
  return applyPresence(applyChat(listed, chat), chat.number, chat);
}

function renewCatchUp(
  known: CatchUp | undefined,
  reply: EventOf<'session'>,
  after: Cursor | undefined,
): CatchUp {
  if (known === undefined) return beginCatchUp(reply, undefined);
  if (after === undefined) return noticeChat(known, reply.chat.number);
  const begun = beginCatchUp(reply, after);
  // Events may have moved the cursor on since it was sent.
  return compareCursors(known.cursor, begun.cursor) > 0
    ? { ...begun, cursor: known.cursor }
    : begun;
}

/**
 * Applies a page that was asked for with the model's own cursor.
 * @param knownAgents those in the chat when it was asked for: what was told since is newer.
 */
export function applyPage(
  model: ChatModel,
  page: EventOf<'history'>,
  knownAgents = model.agents,
): ChatModel {
  const { catchUp, chat } = model;
  if (catchUp === undefined || chat === undefined) return model;
  const listed = list(
    { ...model, catchUp: continueCatchUp(catchUp, page, chat.number) },
    page.messages,
  );
  const ofChat = applyChat(page.gap ? applyGap(listed, page) : listed, {
    number: page.chat,
    state: page.state,
  });
  const present = applyPresence(ofChat, page.chat, page);
  return model.agents === knownAgents ? present : { ...present, agents: ofChat.agents };
}

/** Events that change nothing here, and replies that their request handles, leave the same model. */
export function applyEvent(model: ChatModel, event: ServerEvent): ChatModel {
  switch (event.type) {
    case 'message':
      return applyMessage(model, event);
    case 'accepted':
      return withOutbox(model, markSent(model.outbox, event.id));
    case 'rejected':
      return withOutbox(model, markFailed(model.outbox, event.id, event.code));
    case 'participant':
      return event.role === 'customer' ? model : applyParticipant(model, event);
    case 'read':
      return applyRead(model, { chat: event.chat, index: event.index });
    case 'typing':
      return event.chat === model.chat?.number ? { ...model, typing: event.name } : model;
    case 'idle':
      return applyIdle(model, event);
    case 'ended':
      return stopTyping(applyEnd(model, event.chat, event.by));
    default:
      return model;
  }
}

/** Nobody is typing any more. */
export const stopTyping = (model: ChatModel): ChatModel =>
  model.typing === undefined ? model : { ...model, typing: undefined };

/** What is left of it in another session, except for the outbox. */
export function emptied(model: ChatModel, cause: LossCause = 'unknown'): ChatModel {
  return withProfile({ ...EMPTY_MODEL, replaced: cause }, model.profile);
}

/** The same model when the outbox is the same. */
export function withOutbox(model: ChatModel, outbox: Outbox): ChatModel {
  return outbox === model.outbox ? model : { ...model, outbox };
}

function applyMessage(model: ChatModel, message: Message): ChatModel {
  const received = receive(model, message);
  const read = message.author.name === model.typing ? stopTyping(received) : received;
  return applyChat(read, { number: message.chat, state: 'open' });
}

/** What the server says of those who are in the chat, if it does. */
function applyPresence(
  model: ChatModel,
  chat: number,
  { agents, readIndex }: { readonly agents?: readonly string[]; readonly readIndex?: number },
): ChatModel {
  const read = readIndex === undefined ? model : applyRead(model, { chat, index: readIndex });
  const isOpen = model.chat?.number === chat && model.chat.state === 'open';
  return agents && isOpen ? { ...read, agents } : read;
}

function applyRead(model: ChatModel, readUpTo: Cursor): ChatModel {
  return model.readUpTo !== undefined && compareCursors(readUpTo, model.readUpTo) <= 0
    ? model
    : { ...model, readUpTo };
}
